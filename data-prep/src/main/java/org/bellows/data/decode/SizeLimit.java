package org.bellows.data.decode;

import org.bellows.data.decode.ImageRefusedException.Reason;

/**
 * How large a picture may be. Applied to the header, before anything is allocated for pixels.
 *
 * @param maxPixels height x width
 */
record SizeLimit(long maxPixels) {
  /** libjpeg's JPEG_MAX_DIMENSION; PNG is held to the same. */
  static final int MOST_PIXELS_A_SIDE = 65_500;

  /** A file is in memory as a whole. */
  static final int MOST_BYTES = 1 << 28;

  void checkBytes(long bytes) {
    if (bytes > MOST_BYTES) {
      throw new ImageRefusedException(
          Reason.TOO_LARGE, "has %d bytes, allowed are %d".formatted(bytes, MOST_BYTES));
    }
  }

  void checkPixels(long height, long width) {
    if (height == 0 || width == 0) {
      throw new ImageRefusedException(
          Reason.ZERO_SIZE, "has no pixels: %d x %d".formatted(height, width));
    }
    if (height * width > maxPixels) {
      throw new ImageRefusedException(
          Reason.TOO_LARGE,
          "has %d x %d = %d pixels, allowed are %d"
              .formatted(height, width, height * width, maxPixels));
    }
    if (Math.max(height, width) > MOST_PIXELS_A_SIDE) {
      throw new ImageRefusedException(
          Reason.TOO_LARGE,
          "has %d x %d pixels, allowed are %d a side".formatted(height, width, MOST_PIXELS_A_SIDE));
    }
  }
}
