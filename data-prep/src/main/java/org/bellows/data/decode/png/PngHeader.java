// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.png;

import org.bellows.data.decode.image.ByteCursor;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.SizeLimit;

/**
 * An IHDR chunk.
 *
 * @param depth bits a sample: 1, 2, 4, 8 or 16
 * @param isInterlaced in the seven passes of Adam7
 */
record PngHeader(int height, int width, int depth, Colour colour, boolean isInterlaced) {
  private static final int BYTES = 13;
  private static final int BITS = 8;

  /** The samples of a pixel. */
  enum Colour {
    GREY(1),
    RGB(3),
    PALETTE(1),
    GREY_ALPHA(2),
    RGB_ALPHA(4);

    private final int channels;

    Colour(int channels) {
      this.channels = channels;
    }

    int channels() {
      return channels;
    }

    boolean hasAlpha() {
      return this == GREY_ALPHA || this == RGB_ALPHA;
    }

    private boolean allows(int depth) {
      return switch (this) {
        case GREY -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
        case PALETTE -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
        default -> depth == 8 || depth == 16;
      };
    }
  }

  static PngHeader read(ByteCursor data, SizeLimit limit) {
    if (data.remaining() != BYTES) {
      throw ImageRefusedException.corruptPng(
          "a header of " + data.remaining() + " bytes, expected " + BYTES);
    }
    long width = data.unsignedInt();
    long height = data.unsignedInt();
    if (width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
      throw ImageRefusedException.corruptPng("a size of " + height + " x " + width + " pixels");
    }
    limit.checkPixels(height, width);
    int depth = data.unsignedByte();
    int type = data.unsignedByte();
    Colour colour =
        switch (type) {
          case 0 -> Colour.GREY;
          case 2 -> Colour.RGB;
          case 3 -> Colour.PALETTE;
          case 4 -> Colour.GREY_ALPHA;
          case 6 -> Colour.RGB_ALPHA;
          default -> null;
        };
    if (colour == null || !colour.allows(depth)) {
      throw ImageRefusedException.corruptPng("colour type %d of %d bits".formatted(type, depth));
    }
    int compression = data.unsignedByte();
    int filter = data.unsignedByte();
    int interlace = data.unsignedByte();
    if (compression != 0 || filter != 0 || interlace > 1) {
      throw ImageRefusedException.corruptPng(
          "compression %d, filter %d, interlace %d; known are 0, 0 and 0 or 1"
              .formatted(compression, filter, interlace));
    }
    return new PngHeader((int) height, (int) width, depth, colour, interlace == 1);
  }

  /** Bytes of so many pixels in a row. */
  int rowBytes(int pixels) {
    return (int) (((long) pixels * depth * colour.channels() + BITS - 1) / BITS);
  }

  /** The distance of bytes that filters compare: a pixel, or a byte where pixels are smaller. */
  int filterDistance() {
    return Math.max(1, depth * colour.channels() / BITS);
  }
}
