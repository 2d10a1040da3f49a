// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.jpeg;

import java.util.Arrays;
import javax.imageio.plugins.jpeg.JPEGHuffmanTable;

/**
 * A Huffman table (ITU-T T.81, annex C) in the form that skips coefficients fastest: one look at
 * the next {@value #LOOK_AHEAD_BITS} bits tells how many bits code and coefficient take together,
 * and how far the coefficient's index moves.
 *
 * <p>An entry is an int. Bits 0..5: length of code and coefficient; 6..10: length of the code;
 * 11..18: the symbol; from 19: the step of the index, see {@link #step}. No entry is 0.
 */
final class JpegHuffmanTable {
  static final int LOOK_AHEAD_BITS = 9;

  /** Step of the end-of-block code: after every index. */
  static final int END_OF_BLOCK = 256;

  /** Step of the codes that no sequential scan may use. */
  static final int RESERVED = 128;

  private static final int LONGEST = 16;
  private static final int MOST_DC_BITS = 15;

  private final int[] quick = new int[1 << LOOK_AHEAD_BITS];

  /** For a length: the first 16 bits of longer codes are at least this. */
  private final int[] limit = new int[LONGEST + 1];

  /** For a length: what to add to a code to get its place in {@link #entries}. */
  private final int[] offset = new int[LONGEST + 1];

  private final int[] entries;

  private JpegHuffmanTable(int[] entries) {
    this.entries = entries;
  }

  /**
   * @param counts 16 numbers of codes, by length
   * @param symbols in the order of their codes
   * @param isDc a symbol is then a number of bits, else run and number of bits
   * @return null when they are no prefix code, or a DC symbol is above 15 (both refused by libjpeg)
   */
  static JpegHuffmanTable of(int[] counts, int[] symbols, boolean isDc) {
    JpegHuffmanTable table = new JpegHuffmanTable(new int[symbols.length]);
    int code = 0;
    int index = 0;
    for (int length = 1; length <= LONGEST; length++) {
      table.offset[length] = index - code;
      for (int i = 0; i < counts[length - 1]; i++) {
        // The code of ones alone is reserved (C.2).
        if (code >= (1 << length) - 1 || (isDc && symbols[index] > MOST_DC_BITS)) {
          return null;
        }
        int entry = entry(symbols[index], length, isDc);
        table.entries[index++] = entry;
        if (length <= LOOK_AHEAD_BITS) {
          int free = LOOK_AHEAD_BITS - length;
          Arrays.fill(table.quick, code << free, (code + 1) << free, entry);
        }
        code++;
      }
      table.limit[length] = code << (LONGEST - length);
      code <<= 1;
    }
    return table;
  }

  /** The tables of T.81, K.3, which Motion-JPEG leaves out. */
  static JpegHuffmanTable standard(boolean isDc, boolean isLuminance) {
    JPEGHuffmanTable standard;
    if (isDc) {
      standard = isLuminance ? JPEGHuffmanTable.StdDCLuminance : JPEGHuffmanTable.StdDCChrominance;
    } else {
      standard = isLuminance ? JPEGHuffmanTable.StdACLuminance : JPEGHuffmanTable.StdACChrominance;
    }
    int[] counts = new int[LONGEST];
    short[] lengths = standard.getLengths();
    for (int i = 0; i < lengths.length; i++) {
      counts[i] = lengths[i];
    }
    short[] values = standard.getValues();
    int[] symbols = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      symbols[i] = values[i] & 0xFF;
    }
    return of(counts, symbols, isDc);
  }

  private static int entry(int symbol, int length, boolean isDc) {
    int run = isDc ? 0 : symbol >> 4;
    int bits = symbol & 15;
    int step;
    if (isDc || bits > 0) {
      step = run + 1;
    } else if (run == 0) {
      step = END_OF_BLOCK;
    } else {
      step = run == 15 ? 16 : RESERVED;
    }
    return length + bits | length << 6 | symbol << 11 | step << 19;
  }

  /**
   * @param buffer the next bits from the left
   * @return 0 when no code begins them
   */
  int entry(long buffer) {
    int entry = quick[(int) (buffer >>> (64 - LOOK_AHEAD_BITS))];
    return entry != 0 ? entry : longEntry((int) (buffer >>> (64 - LONGEST)));
  }

  private int longEntry(int next) {
    for (int length = LOOK_AHEAD_BITS + 1; length <= LONGEST; length++) {
      if (next < limit[length]) {
        return entries[offset[length] + (next >>> (LONGEST - length))];
      }
    }
    return 0;
  }

  /** Bits of code and coefficient. */
  static int totalBits(int entry) {
    return entry & 63;
  }

  static int codeBits(int entry) {
    return entry >>> 6 & 31;
  }

  static int symbol(int entry) {
    return entry >>> 11 & 255;
  }

  /**
   * How far the index of the coefficient moves in a sequential scan: the run of zeros and one, or
   * 16 without a coefficient, or {@link #RESERVED}, or {@link #END_OF_BLOCK}.
   */
  static int step(int entry) {
    return entry >>> 19;
  }
}
