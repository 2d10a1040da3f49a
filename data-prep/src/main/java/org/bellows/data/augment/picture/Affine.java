// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.picture;

import java.util.Arrays;
import org.bellows.data.decode.OpenCv;
import org.bellows.data.decode.image.RasterImage;

/**
 * An affine map from the output's coordinates to the input's, in pixels, with the upper left corner
 * of the upper left pixel at (0, 0) and so pixel centres at halves:
 *
 * <pre>
 *   inputX = xx * outputX + xy * outputY + x
 *   inputY = yx * outputX + yy * outputY + y
 * </pre>
 *
 * <p>The order of the six numbers is PIL's in {@code Image.transform(size, AFFINE, (xx, xy, x, yx,
 * yy, y))}.
 */
public record Affine(double xx, double xy, double x, double yx, double yy, double y) {
  /** 16.16 fixed point, as PIL has it: the same pixels are hit. */
  private static final int FRACTION_BITS = 16;

  /**
   * The picture turned counter-clockwise about its centre, as {@code Image.rotate} does.
   *
   * @param degrees any
   */
  public static Affine rotation(double degrees, int height, int width) {
    double radians = -Math.toRadians(degrees);
    double cosine = StrictMath.cos(radians);
    double sine = StrictMath.sin(radians);
    double centreX = width / 2.0;
    double centreY = height / 2.0;
    return new Affine(
        cosine,
        sine,
        centreX - cosine * centreX - sine * centreY,
        -sine,
        cosine,
        centreY + sine * centreX - cosine * centreY);
  }

  /**
   * The pixel that the centre of each output pixel falls into.
   *
   * @param fill 0..255, of what falls outside, in every channel
   */
  public RasterImage nearest(RasterImage from, int fill) {
    byte[] out = new byte[from.interleaved().length];
    Arrays.fill(out, (byte) fill);
    return nearest(from, out);
  }

  /**
   * As above, of a label map.
   *
   * @param fill label of what falls outside, which belongs to no object
   */
  public RasterImage nearestLabels(RasterImage map, int fill) {
    byte[] out = new byte[map.interleaved().length];
    for (int pixel = 0; pixel < out.length; pixel += map.channels()) {
      out[pixel] = (byte) fill;
    }
    return nearest(map, out);
  }

  private RasterImage nearest(RasterImage from, byte[] out) {
    int height = from.height();
    int width = from.width();
    int channels = from.channels();
    byte[] in = from.interleaved();
    long stepX = fixed(xx);
    long stepY = fixed(yx);
    long downX = fixed(xy);
    long downY = fixed(yy);
    long rowX = fixed(x + 0.5 * xx + 0.5 * xy);
    long rowY = fixed(y + 0.5 * yx + 0.5 * yy);
    int to = 0;
    for (int row = 0; row < height; row++) {
      long inX = rowX;
      long inY = rowY;
      for (int column = 0; column < width; column++, to += channels) {
        int atX = (int) (inX >> FRACTION_BITS);
        int atY = (int) (inY >> FRACTION_BITS);
        if (atX >= 0 && atX < width && atY >= 0 && atY < height) {
          int at = (atY * width + atX) * channels;
          out[to] = in[at];
          if (channels == 3) {
            out[to + 1] = in[at + 1];
            out[to + 2] = in[at + 2];
          }
        }
        inX += stepX;
        inY += stepY;
      }
      rowX += downX;
      rowY += downY;
    }
    return new RasterImage(height, width, channels, out);
  }

  /**
   * Between the four nearest pixels, of which those outside have the fill value.
   *
   * @param fill 0..255, in every channel
   */
  public RasterImage bilinear(RasterImage from, int fill) {
    // OpenCV's pixel centres are at whole numbers.
    double[] matrix = {
      xx, xy, x + 0.5 * (xx + xy) - 0.5, yx, yy, y + 0.5 * (yx + yy) - 0.5,
    };
    return OpenCv.warpAffine(from, matrix, fill);
  }

  private static long fixed(double value) {
    return (long) Math.floor(value * (1 << FRACTION_BITS) + 0.5);
  }
}
