// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.image;

/**
 * Finds the orientation in an EXIF block (a TIFF header and its first directory). Broken metadata
 * never refuses a picture: it is upright then.
 */
public final class ExifReader {
  private static final int ORIENTATION_TAG = 0x0112;
  private static final int SHORT_TYPE = 3;
  private static final int ENTRY_BYTES = 12;
  private static final int TIFF_MAGIC = 42;

  private final byte[] bytes;
  private final int start;
  private final int length;
  private boolean littleEndian;

  private ExifReader(byte[] bytes, int start, int length) {
    this.bytes = bytes;
    this.start = start;
    this.length = length;
  }

  /** The TIFF block is {@code length} bytes of {@code bytes} from {@code start}. */
  public static Orientation orientation(byte[] bytes, int start, int length) {
    return new ExifReader(bytes, start, length).read();
  }

  private Orientation read() {
    int order = number(0, 1) << 8 | number(1, 1);
    littleEndian = order == 0x4949;
    if ((!littleEndian && order != 0x4D4D) || number(2, 2) != TIFF_MAGIC) {
      return Orientation.UPRIGHT;
    }
    int directory = number(4, 4);
    int entries = number(directory, 2);
    for (int entry = 0; entry < entries; entry++) {
      int at = directory + 2 + entry * ENTRY_BYTES;
      if (at < 0 || at + ENTRY_BYTES > length) {
        return Orientation.UPRIGHT;
      }
      if (number(at, 2) == ORIENTATION_TAG && number(at + 2, 2) == SHORT_TYPE) {
        return Orientation.ofExif(number(at + 8, 2));
      }
    }
    return Orientation.UPRIGHT;
  }

  /** An unsigned number, or -1 when it is outside the block or does not fit into an int. */
  private int number(int offset, int size) {
    if (offset < 0 || offset > length - size) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < size; i++) {
      int at = start + offset + (littleEndian ? size - 1 - i : i);
      value = value << 8 | (bytes[at] & 0xFF);
    }
    return value > Integer.MAX_VALUE ? -1 : (int) value;
  }
}
