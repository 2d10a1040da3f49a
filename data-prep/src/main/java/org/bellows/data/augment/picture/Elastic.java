// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.picture;

import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.random.SampleRandom;

/**
 * Elastic deformation as in Ronneberger et al. 2015 ("U-Net", section 3.1): displacements on a
 * coarse grid of 3 x 3 points, each of both directions drawn from a normal distribution, and
 * between the points interpolated by bicubic splines (Catmull-Rom, the grid continued by its edge).
 * The picture is looked up bilinearly, the label map at the nearest pixel, with one and the same
 * displacement. The grid's outer points are on the picture's corners and edges.
 *
 * @param deviation of the displacements in pixels
 * @param fill grey value 0..255 of what comes in from outside
 * @param maskFill label of it
 */
public record Elastic(double deviation, int fill, int maskFill) implements PixelAugmentation {
  private static final int POINTS = 3;

  @Override
  public MaskedPicture apply(MaskedPicture picture, SampleRandom random) {
    double[] down = grid(random);
    double[] right = grid(random);
    return deformed(picture, down, right);
  }

  private double[] grid(SampleRandom random) {
    double[] grid = new double[POINTS * POINTS];
    for (int i = 0; i < grid.length; i++) {
      grid[i] = deviation * random.nextGaussian();
    }
    return grid;
  }

  /**
   * @param down rows that each point of the grid is looked up further down, row-major
   * @param right columns that it is looked up further right
   */
  MaskedPicture deformed(MaskedPicture picture, double[] down, double[] right) {
    RasterImage pixels = picture.pixels();
    int height = pixels.height();
    int width = pixels.width();
    int channels = pixels.channels();
    double[][] ofRows = weights(height);
    double[][] ofColumns = weights(width);
    byte[] out = new byte[pixels.interleaved().length];
    RasterImage mask = picture.mask();
    byte[] labels = mask == null ? null : new byte[mask.interleaved().length];
    for (int row = 0; row < height; row++) {
      double[] downs = along(down, ofRows[row]);
      double[] rights = along(right, ofRows[row]);
      for (int column = 0; column < width; column++) {
        double y = row + at(downs, ofColumns[column]);
        double x = column + at(rights, ofColumns[column]);
        int pixel = row * width + column;
        bilinear(pixels, y, x, out, pixel * channels);
        if (labels != null) {
          nearest(mask, y, x, labels, pixel * mask.channels());
        }
      }
    }
    RasterImage moved =
        mask == null ? null : new RasterImage(height, width, mask.channels(), labels);
    return new MaskedPicture(new RasterImage(height, width, channels, out), moved);
  }

  /** The grid's three rows as one, by their weights. */
  private static double[] along(double[] grid, double[] weights) {
    double[] row = new double[POINTS];
    for (int column = 0; column < POINTS; column++) {
      for (int i = 0; i < POINTS; i++) {
        row[column] += weights[i] * grid[i * POINTS + column];
      }
    }
    return row;
  }

  private static double at(double[] row, double[] weights) {
    return row[0] * weights[0] + row[1] * weights[1] + row[2] * weights[2];
  }

  /** [length][3]: how much each point of a line of three counts at each pixel; they sum to 1. */
  static double[][] weights(int length) {
    double[][] weights = new double[length][POINTS];
    for (int pixel = 0; pixel < length; pixel++) {
      double place = length == 1 ? 1 : (POINTS - 1.0) * pixel / (length - 1);
      int point = (int) Math.min(POINTS - 2, Math.floor(place));
      double t = place - point;
      double[] cubic = {
        t * (-0.5 + t * (1 - 0.5 * t)),
        1 + t * t * (-2.5 + 1.5 * t),
        t * (0.5 + t * (2 - 1.5 * t)),
        t * t * (-0.5 + 0.5 * t)
      };
      for (int i = 0; i < cubic.length; i++) {
        int from = Math.max(0, Math.min(POINTS - 1, point - 1 + i));
        weights[pixel][from] += cubic[i];
      }
    }
    return weights;
  }

  /** Between the four nearest pixels, of which those outside have the fill value. */
  private void bilinear(RasterImage from, double y, double x, byte[] out, int to) {
    int top = (int) Math.floor(y);
    int left = (int) Math.floor(x);
    double below = y - top;
    double beside = x - left;
    for (int channel = 0; channel < from.channels(); channel++) {
      double upper =
          value(from, top, left, channel) * (1 - beside)
              + value(from, top, left + 1, channel) * beside;
      double lower =
          value(from, top + 1, left, channel) * (1 - beside)
              + value(from, top + 1, left + 1, channel) * beside;
      out[to + channel] = (byte) (int) (upper * (1 - below) + lower * below + 0.5);
    }
  }

  private int value(RasterImage from, int row, int column, int channel) {
    boolean isInside = row >= 0 && row < from.height() && column >= 0 && column < from.width();
    return isInside ? from.at(row, column, channel) : fill;
  }

  /** What comes in from outside belongs to no object. */
  private void nearest(RasterImage mask, double y, double x, byte[] out, int to) {
    int row = (int) Math.floor(y + 0.5);
    int column = (int) Math.floor(x + 0.5);
    boolean isInside = row >= 0 && row < mask.height() && column >= 0 && column < mask.width();
    if (isInside) {
      int from = (row * mask.width() + column) * mask.channels();
      System.arraycopy(mask.interleaved(), from, out, to, mask.channels());
    } else {
      out[to] = (byte) maskFill;
    }
  }
}
