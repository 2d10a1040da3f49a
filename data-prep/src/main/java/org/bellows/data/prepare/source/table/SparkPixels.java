// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import org.bellows.data.decode.OpenCv;
import org.bellows.data.decode.image.RasterImage;

/**
 * The pixels of Spark's {@code image} source as a PNG file, so that all that is asked of other
 * images is asked of these.
 *
 * @param png null when there is a problem
 * @param problem null, or why there is no image, as a predicate
 */
public record SparkPixels(byte[] png, String problem) {
  /** OpenCV's CV_8UC1 and CV_8UC3. */
  private static final int GREY = 0;

  private static final int BGR = 16;

  /**
   * @param mode OpenCV's type of the pixels
   * @param data height x width x channels, row by row, blue first; not changed
   */
  public static SparkPixels of(int height, int width, int mode, byte[] data) {
    if (mode != GREY && mode != BGR) {
      return bad(
          "has an image of OpenCV's type %d, expected %d (CV_8UC3) or %d (CV_8UC1)"
              .formatted(mode, BGR, GREY));
    }
    int channels = mode == BGR ? 3 : 1;
    if (height < 1 || width < 1 || (long) height * width * channels != data.length) {
      return bad(
          "has an image of %d x %d pixels and %d channels with %d bytes"
              .formatted(height, width, channels, data.length));
    }
    byte[] pixels = mode == BGR ? redFirst(data) : data;
    return new SparkPixels(OpenCv.png(new RasterImage(height, width, channels, pixels)), null);
  }

  static SparkPixels bad(String problem) {
    return new SparkPixels(null, problem);
  }

  private static byte[] redFirst(byte[] data) {
    byte[] pixels = data.clone();
    for (int i = 0; i < pixels.length; i += 3) {
      pixels[i] = data[i + 2];
      pixels[i + 2] = data[i];
    }
    return pixels;
  }
}
