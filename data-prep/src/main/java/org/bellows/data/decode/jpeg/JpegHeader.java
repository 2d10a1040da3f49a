// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.jpeg;

import org.bellows.data.decode.image.ByteCursor;
import org.bellows.data.decode.image.ExifReader;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;
import org.bellows.data.decode.image.Orientation;

/**
 * The part of a JPEG before the first scan (ITU-T T.81, B.2.2): the frame header and the EXIF
 * orientation. For files that {@link org.bellows.data.decode.ImageDecoder#inspect} passed before:
 * the data after the header, most of the file, is not read.
 *
 * @param storedHeight rows as stored, before the EXIF orientation
 * @param storedWidth columns as stored
 * @param components colour components: 1 grey, 3 YCbCr or RGB, 4 CMYK or YCCK
 */
public record JpegHeader(
    int storedHeight, int storedWidth, int components, Orientation orientation) {
  private static final int START_OF_IMAGE_BYTES = 2;
  private static final int MARKER = 0xFF;
  private static final int SOS = 0xDA;
  private static final int EOI = 0xD9;
  private static final int APP1 = 0xE1;
  private static final int TEM = 0x01;
  private static final int FIRST_SOF = 0xC0;
  private static final int LAST_SOF = 0xCF;
  private static final int DHT = 0xC4;
  private static final int JPG = 0xC8;
  private static final int DAC = 0xCC;

  /**
   * @param jpeg that begins with the start-of-image marker
   * @throws ImageRefusedException when there is no frame header before the first scan
   */
  public static JpegHeader read(byte[] jpeg) {
    ByteCursor cursor = new ByteCursor("JPEG", jpeg, START_OF_IMAGE_BYTES);
    JpegHeader frame = null;
    Orientation orientation = null;
    for (int marker = marker(cursor); marker != SOS && marker != EOI; marker = marker(cursor)) {
      if (marker == TEM) {
        continue;
      }
      ByteCursor segment = cursor.slice(Math.max(0, cursor.unsignedShort() - 2));
      if (isFrame(marker)) {
        segment.skip(1);
        int height = segment.unsignedShort();
        frame =
            new JpegHeader(
                height, segment.unsignedShort(), segment.unsignedByte(), Orientation.UPRIGHT);
      } else if (marker == APP1 && orientation == null && segment.skipIf("Exif\0\0")) {
        orientation =
            ExifReader.orientation(segment.array(), segment.position(), segment.remaining());
      }
    }
    if (frame == null) {
      throw new ImageRefusedException(
          Reason.CORRUPT, "is a corrupt JPEG: it has no frame header before its first scan");
    }
    return orientation == null
        ? frame
        : new JpegHeader(frame.storedHeight, frame.storedWidth, frame.components, orientation);
  }

  /** Rows as displayed. */
  public int height() {
    return orientation.swapsSides() ? storedWidth : storedHeight;
  }

  /** Columns as displayed. */
  public int width() {
    return orientation.swapsSides() ? storedHeight : storedWidth;
  }

  /** Skips stray and fill bytes, as libjpeg does. */
  private static int marker(ByteCursor cursor) {
    while (true) {
      int value = cursor.unsignedByte();
      if (value != MARKER) {
        continue;
      }
      while (value == MARKER) {
        value = cursor.unsignedByte();
      }
      if (value != 0) {
        return value;
      }
    }
  }

  private static boolean isFrame(int marker) {
    return marker >= FIRST_SOF
        && marker <= LAST_SOF
        && marker != DHT
        && marker != JPG
        && marker != DAC;
  }
}
