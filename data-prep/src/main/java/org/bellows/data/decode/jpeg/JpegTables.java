// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.jpeg;

import org.bellows.data.decode.image.ByteCursor;
import org.bellows.data.decode.image.ImageRefusedException;

/**
 * The tables that the segments before a scan define (ITU-T T.81, B.2.4): quantisation, Huffman,
 * restart interval. Tables that libjpeg refuses are refused here.
 */
final class JpegTables {
  private static final int SLOTS = 4;
  private static final int COEFFICIENTS = 64;
  private static final int LENGTHS = 16;
  private static final int MOST_SYMBOLS = 256;

  private final JpegHuffmanTable[] dc = new JpegHuffmanTable[SLOTS];
  private final JpegHuffmanTable[] ac = new JpegHuffmanTable[SLOTS];
  private final boolean[] hasQuantisation = new boolean[SLOTS];
  private boolean hasHuffman;
  private int restartInterval;

  /** MCUs between two restart markers, 0 for none. */
  int restartInterval() {
    return restartInterval;
  }

  /** DQT. */
  void readQuantisation(ByteCursor segment) {
    while (segment.remaining() > 0) {
      int start = segment.unsignedByte();
      int slot = start & 15;
      int bytes = (start >> 4) + 1;
      if (slot >= SLOTS || bytes > 2 || segment.remaining() < bytes * COEFFICIENTS) {
        throw ImageRefusedException.corruptJpeg(
            "a quantisation table of class %d, number %d, in %d bytes"
                .formatted(start >> 4, slot, segment.remaining()));
      }
      for (int i = 0; i < COEFFICIENTS; i++) {
        if ((bytes == 1 ? segment.unsignedByte() : segment.unsignedShort()) == 0) {
          // T.81 wants 1 and more; zero would wipe out a coefficient of the whole picture.
          throw ImageRefusedException.corruptJpeg("quantisation table " + slot + " holds a zero");
        }
      }
      hasQuantisation[slot] = true;
    }
  }

  /** DHT. */
  void readHuffman(ByteCursor segment) {
    while (segment.remaining() > 0) {
      int start = segment.unsignedByte();
      int slot = start & 15;
      boolean isDc = start >> 4 == 0;
      if (slot >= SLOTS || start >> 4 > 1 || segment.remaining() < LENGTHS) {
        throw ImageRefusedException.corruptJpeg(
            "a Huffman table of class %d, number %d".formatted(start >> 4, slot));
      }
      int[] counts = new int[LENGTHS];
      int total = 0;
      for (int i = 0; i < LENGTHS; i++) {
        counts[i] = segment.unsignedByte();
        total += counts[i];
      }
      if (total > MOST_SYMBOLS || total > segment.remaining()) {
        throw ImageRefusedException.corruptJpeg(
            "a Huffman table of %d codes in %d bytes".formatted(total, segment.remaining()));
      }
      int[] symbols = new int[total];
      for (int i = 0; i < total; i++) {
        symbols[i] = segment.unsignedByte();
      }
      JpegHuffmanTable table = JpegHuffmanTable.of(counts, symbols, isDc);
      if (table == null) {
        throw ImageRefusedException.corruptJpeg("a Huffman table that is no prefix code");
      }
      (isDc ? dc : ac)[slot] = table;
      hasHuffman = true;
    }
  }

  /** DRI. */
  void readRestartInterval(ByteCursor segment) {
    if (segment.remaining() != 2) {
      throw ImageRefusedException.corruptJpeg(
          "a restart interval of " + segment.remaining() + " bytes, expected 2");
    }
    restartInterval = segment.unsignedShort();
  }

  /**
   * Motion-JPEG frames come without Huffman tables and mean the standard ones. As OpenCV has it:
   * only where there is none at all before the first scan.
   */
  void standardIfNone() {
    if (!hasHuffman) {
      for (int slot = 0; slot < 2; slot++) {
        dc[slot] = JpegHuffmanTable.standard(true, slot == 0);
        ac[slot] = JpegHuffmanTable.standard(false, slot == 0);
      }
      hasHuffman = true;
    }
  }

  JpegHuffmanTable dc(int slot) {
    return defined(dc, slot, "DC");
  }

  JpegHuffmanTable ac(int slot) {
    return defined(ac, slot, "AC");
  }

  private static JpegHuffmanTable defined(JpegHuffmanTable[] tables, int slot, String kind) {
    if (slot >= SLOTS || tables[slot] == null) {
      throw ImageRefusedException.corruptJpeg(
          "it uses the %s Huffman table %d, which is not defined".formatted(kind, slot));
    }
    return tables[slot];
  }

  void requireQuantisation(int slot) {
    if (!hasQuantisation[slot]) {
      throw ImageRefusedException.corruptJpeg(
          "it uses the quantisation table " + slot + ", which is not defined");
    }
  }
}
