// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.render;

import org.bellows.data.augment.place.Placement;
import org.bellows.data.decode.OpenCv.Region;
import org.bellows.data.decode.image.RasterImage;

/**
 * Carries out a placement on a label map: what the picture's renderer does by averaging or
 * interpolation is done here by nearest neighbour, since the mean of two labels is no label. Pixel
 * centres fall on pixel centres, as in the picture, so the two stay aligned.
 */
public final class MaskRenderer {
  private final int height;
  private final int width;
  private final int fill;

  /**
   * @param height of the window
   * @param width of the window
   * @param fill label of pixels outside the scaled picture
   */
  public MaskRenderer(int height, int width, int fill) {
    this.height = height;
    this.width = width;
    this.fill = fill;
  }

  /**
   * @param mask height x width x 1, or x 3 with the numbers of objects
   * @param placement made for the mask's height and width
   * @return height x width of the window, as many values a pixel; outside there is no object
   */
  public RasterImage render(RasterImage mask, Placement placement) {
    Region region = placement.region();
    int[] columns = new int[width];
    for (int column = 0; column < width; column++) {
      int scaled = (placement.mirrored() ? width - 1 - column : column) + placement.left();
      columns[column] = source(scaled, placement.scaledWidth(), region.left(), region.width());
    }
    int channels = mask.channels();
    byte[] out = new byte[height * width * channels];
    for (int pixel = 0; pixel < out.length; pixel += channels) {
      out[pixel] = (byte) fill;
    }
    for (int row = 0; row < height; row++) {
      int scaled = row + placement.top();
      int from = source(scaled, placement.scaledHeight(), region.top(), region.height());
      for (int column = 0; from >= 0 && column < width; column++) {
        if (columns[column] >= 0) {
          int at = (from * mask.width() + columns[column]) * channels;
          int to = (row * width + column) * channels;
          out[to] = mask.interleaved()[at];
          if (channels > 1) {
            out[to + 1] = mask.interleaved()[at + 1];
            out[to + 2] = mask.interleaved()[at + 2];
          }
        }
      }
    }
    return new RasterImage(height, width, channels, out);
  }

  /** The row or column that the centre of a scaled one falls into; -1 outside. */
  private static int source(int scaled, int scaledLength, int from, int length) {
    if (scaled < 0 || scaled >= scaledLength) {
      return -1;
    }
    return from + (int) ((2L * scaled + 1) * length / (2L * scaledLength));
  }
}
