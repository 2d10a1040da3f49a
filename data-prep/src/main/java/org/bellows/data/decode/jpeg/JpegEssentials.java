package org.bellows.data.decode.jpeg;

import java.util.Arrays;
import org.bellows.data.decode.ByteCursor;

/**
 * What a decoder needs of a JPEG that {@link JpegStructure} found whole: the tables, the frame, and
 * of the APP segments the two that libjpeg tells the colour space by (JFIF, Adobe). EXIF, colour
 * profiles, thumbnails and comments never reach native code. An end-of-image marker is put behind
 * it all: where a file lacks its own, libjpeg would leave out the last blocks.
 */
public final class JpegEssentials {
  private static final int FIRST_FRAME = 0xC0;
  private static final int LAST_FRAME = 0xC2;
  private static final int DHT = 0xC4;
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

  private JpegEssentials(byte[] file) {
    this.file = file;
    this.kept = new byte[file.length + END_OF_IMAGE.length];
  }

  /**
   * @param file in which {@link JpegStructure} found nothing wrong
   */
  public static byte[] of(byte[] file) {
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
    boolean isFrame = marker >= FIRST_FRAME && marker <= LAST_FRAME;
    boolean isTable = marker == DHT || marker == DQT || marker == DRI;
    return isFrame || isTable || marker == SOS || marker == JFIF || marker == ADOBE;
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
