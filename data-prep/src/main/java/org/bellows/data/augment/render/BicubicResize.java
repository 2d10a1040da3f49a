// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.render;

import org.bellows.data.decode.OpenCv.Region;
import org.bellows.data.decode.image.RasterImage;

/**
 * Bicubic interpolation with antialiasing: Keys 1981, "Cubic convolution interpolation for digital
 * image processing", equation 15, with a = -1/2, whose kernel is stretched by the factor by which a
 * side shrinks, so that each source pixel has its part. Gives the bits of Pillow's {@code
 * Image.crop(...).resize(..., BICUBIC)}, which torchvision's transforms call: columns first, then
 * rows, 8 bits in between, weights as whole numbers of 22 binary places.
 *
 * <pre>
 * x in source pixels from the centre, divided by max(1, source / target):
 *   |x| &lt; 1    (a + 2) |x|^3 - (a + 3) |x|^2 + 1
 *   |x| &lt; 2    a |x|^3 - 5 a |x|^2 + 8 a |x| - 4 a
 * </pre>
 */
final class BicubicResize {
  private static final double A = -0.5;
  private static final double RADIUS = 2;
  private static final int WEIGHT_BITS = 22;
  private static final int HALF = 1 << (WEIGHT_BITS - 1);
  private static final int WHITE = 255;

  private BicubicResize() {}

  /**
   * Cuts out a region, of which nothing outside is seen, and brings it to a size.
   *
   * @return height x width x the picture's channels
   */
  static RasterImage resize(RasterImage picture, Region region, int height, int width) {
    int channels = picture.channels();
    byte[] narrowed = new byte[region.height() * width * channels];
    Taps columns = Taps.of(region.width(), width);
    for (int row = 0; row < region.height(); row++) {
      int from = ((region.top() + row) * picture.width() + region.left()) * channels;
      columns.apply(
          picture.interleaved(), from, channels, narrowed, row * width * channels, channels);
    }
    byte[] out = new byte[height * width * channels];
    Taps rows = Taps.of(region.height(), height);
    rows.apply(narrowed, 0, width * channels, out, 0, width * channels);
    return new RasterImage(height, width, channels, out);
  }

  private static double kernel(double distance) {
    double x = Math.abs(distance);
    if (x < 1) {
      return ((A + 2) * x - (A + 3)) * x * x + 1;
    }
    return x < RADIUS ? (((x - 5) * x + 8) * x - 4) * A : 0;
  }

  /**
   * The source pixels of each target pixel of a side.
   *
   * @param first the first of them
   * @param weights of them, times 2^22
   */
  private record Taps(int[] first, int[][] weights) {
    static Taps of(int source, int target) {
      double scale = (double) source / target;
      double stretch = Math.max(1, scale);
      double radius = RADIUS * stretch;
      int[] first = new int[target];
      int[][] weights = new int[target][];
      for (int i = 0; i < target; i++) {
        double centre = (i + 0.5) * scale;
        first[i] = Math.max(0, (int) (centre - radius + 0.5));
        int end = Math.min(source, (int) (centre + radius + 0.5));
        weights[i] = weights(first[i], end, centre, 1 / stretch);
      }
      return new Taps(first, weights);
    }

    private static int[] weights(int from, int end, double centre, double shrink) {
      double[] shares = new double[end - from];
      double sum = 0;
      for (int i = 0; i < shares.length; i++) {
        shares[i] = kernel((i + from - centre + 0.5) * shrink);
        sum += shares[i];
      }
      int[] weights = new int[shares.length];
      for (int i = 0; i < weights.length; i++) {
        double weight = shares[i] / sum * (1 << WEIGHT_BITS);
        weights[i] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
      }
      return weights;
    }

    /**
     * Resizes one side.
     *
     * @param step values from one source pixel of the side to the next, and in {@code to} likewise
     * @param lines values that lie beside each other and are resized alike
     */
    void apply(byte[] from, int offset, int step, byte[] to, int start, int lines) {
      for (int i = 0; i < first.length; i++) {
        int[] own = weights[i];
        for (int line = 0; line < lines; line++) {
          int at = offset + first[i] * step + line;
          int sum = HALF;
          for (int weight : own) {
            sum += weight * (from[at] & 0xFF);
            at += step;
          }
          to[start + i * step + line] = (byte) Math.max(0, Math.min(WHITE, sum >> WEIGHT_BITS));
        }
      }
    }
  }
}
