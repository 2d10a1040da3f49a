// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.jpeg;

import java.util.Arrays;
import org.bellows.data.decode.image.ByteCursor;

/**
 * The parts of a JPEG, found whole by {@link JpegStructure}, that a decoder needs: the tables, the
 * frame, and of the APP segments the two from which libjpeg takes the colour space (JFIF, Adobe).
 * EXIF, colour profiles, thumbnails and comments never reach native code, wherever they are: before
 * the first scan, between two, or after the picture. An end-of-image marker is appended: if a file
 * lacks its own, libjpeg would leave out the last blocks.
 */
public final class JpegDecodingTables {
  private static final int FIRST_FRAME = 0xC0;
  private static final int LAST_FRAME = 0xC2;
  private static final int DHT = 0xC4;
  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;
  private static final int DQT = 0xDB;
  private static final int DRI = 0xDD;
  private static final int TEM = 0x01;
  private static final int JFIF = 0xE0;
  private static final int ADOBE = 0xEE;
  private static final int FIRST_RESTART = 0xD0;
  private static final int LAST_RESTART = 0xD7;
  private static final byte[] END_OF_IMAGE = {(byte) 0xFF, (byte) 0xD9};

  private final byte[] file;
  private final byte[] kept;
  private int length;

  private JpegDecodingTables(byte[] file) {
    this.file = file;
    this.kept = new byte[file.length + END_OF_IMAGE.length];
  }

  /**
   * @param file in which {@link JpegStructure} found nothing wrong
   */
  public static byte[] of(byte[] file) {
    return new JpegDecodingTables(file).copy();
  }

  private byte[] copy() {
    keep(0, 2);
    int at = nextMarker(2, false);
    while (at < file.length && code(at) != EOI) {
      int end = segmentEnd(at);
      if (isKept(code(at))) {
        keep(at, end);
      }
      if (code(at) == SOS) {
        int data = end;
        end = nextMarker(data, true);
        keep(data, end);
      }
      at = nextMarker(end, false);
    }
    System.arraycopy(END_OF_IMAGE, 0, kept, length, END_OF_IMAGE.length);
    return Arrays.copyOf(kept, length + END_OF_IMAGE.length);
  }

  private int segmentEnd(int marker) {
    int code = code(marker);
    if (code == TEM || isRestart(code)) {
      return marker + 2;
    }
    ByteCursor cursor = new ByteCursor("JPEG", file, marker + 2);
    cursor.skip(Math.max(0, cursor.unsignedShort() - 2L));
    return cursor.position();
  }

  private static boolean isKept(int marker) {
    boolean isFrame = marker >= FIRST_FRAME && marker <= LAST_FRAME;
    boolean isTable = marker == DHT || marker == DQT || marker == DRI;
    return isFrame || isTable || marker == SOS || marker == JFIF || marker == ADOBE;
  }

  private void keep(int start, int end) {
    System.arraycopy(file, start, kept, length, end - start);
    length += end - start;
  }

  /**
   * Where the next marker's 0xFF stands, or the file's length.
   *
   * @param inScan passes over restart markers, which are inside of a scan's data
   */
  private int nextMarker(int from, boolean inScan) {
    for (int at = from; at < file.length - 1; at++) {
      int code = code(at);
      if (file[at] == (byte) 0xFF && code != 0 && code != 0xFF && !(inScan && isRestart(code))) {
        return at;
      }
    }
    return file.length;
  }

  private int code(int marker) {
    return file[marker + 1] & 0xFF;
  }

  private static boolean isRestart(int code) {
    return code >= FIRST_RESTART && code <= LAST_RESTART;
  }
}
