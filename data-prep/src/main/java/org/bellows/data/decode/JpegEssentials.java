package org.bellows.data.decode;

import java.util.Arrays;

/**
 * What a decoder needs of a JPEG that {@link JpegStructure} found whole: the tables, the frame, and
 * of the APP segments the two that libjpeg tells the colour space by (JFIF, Adobe). EXIF, colour
 * profiles, thumbnails and comments never reach native code. An end-of-image marker is put behind
 * it all: where a file lacks its own, libjpeg would leave out the last blocks.
 */
final class JpegEssentials {
  private static final int SOS = 0xDA;
  private static final int TEM = 0x01;
  private static final int JFIF = 0xE0;
  private static final int APP1 = 0xE1;
  private static final int ADOBE = 0xEE;
  private static final int APP15 = 0xEF;
  private static final int COM = 0xFE;
  private static final int FIRST_RESTART = 0xD0;
  private static final int LAST_RESTART = 0xD7;
  private static final byte[] END_OF_IMAGE = {(byte) 0xFF, (byte) 0xD9};

  private final byte[] file;
  private final byte[] kept;
  private int length;

  private JpegEssentials(byte[] file) {
    this.file = file;
    this.kept = new byte[file.length + END_OF_IMAGE.length];
  }

  /**
   * @param file in which {@link JpegStructure} found nothing wrong
   */
  static byte[] of(byte[] file) {
    return new JpegEssentials(file).copy();
  }

  private byte[] copy() {
    ByteCursor cursor = new ByteCursor("JPEG", file, 2);
    keep(0, 2);
    int marker;
    do {
      marker = nextMarker(cursor);
      int start = cursor.position() - 2;
      if (marker != TEM && (marker < FIRST_RESTART || marker > LAST_RESTART)) {
        cursor.slice(Math.max(0, cursor.unsignedShort() - 2L));
        if (isKept(marker)) {
          keep(start, cursor.position());
        }
      }
    } while (marker != SOS);
    keep(cursor.position(), file.length);
    System.arraycopy(END_OF_IMAGE, 0, kept, length, END_OF_IMAGE.length);
    return Arrays.copyOf(kept, length + END_OF_IMAGE.length);
  }

  private static boolean isKept(int marker) {
    boolean isIgnored = marker >= APP1 && marker <= APP15 || marker == COM;
    return marker == JFIF || marker == ADOBE || !isIgnored;
  }

  private void keep(int start, int end) {
    System.arraycopy(file, start, kept, length, end - start);
    length += end - start;
  }

  private static int nextMarker(ByteCursor cursor) {
    int last = cursor.unsignedByte();
    int value = cursor.unsignedByte();
    while (last != 0xFF || value == 0xFF || value == 0) {
      last = value;
      value = cursor.unsignedByte();
    }
    return value;
  }
}
