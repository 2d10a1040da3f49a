// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.image;

import org.bellows.data.decode.image.ImageRefusedException.Reason;

/**
 * How large a picture may be. Applied to the header, before anything is allocated for pixels.
 *
 * @param maxPixels height x width
 */
public record SizeLimit(long maxPixels) {
  /**
   * OpenCV's own limit on pixels, CV_IO_MAX_IMAGE_PIXELS, is 2^30; a Java array holds 2^31 bytes.
   */
  public static final long MOST_PIXELS = (Integer.MAX_VALUE - 8) / 3;

  /** libjpeg's JPEG_MAX_DIMENSION; PNG is held to the same. */
  static final int MOST_PIXELS_A_SIDE = 65_500;

  /** A file is in memory as a whole. */
  public static final int MOST_BYTES = 1 << 28;

  public void checkBytes(long bytes) {
    if (bytes > MOST_BYTES) {
      throw new ImageRefusedException(
          Reason.TOO_LARGE, "has %d bytes, allowed are %d".formatted(bytes, MOST_BYTES));
    }
  }

  public void checkPixels(long height, long width) {
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
