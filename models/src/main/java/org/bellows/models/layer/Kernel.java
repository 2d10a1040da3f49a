// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

/**
 * The kernel of a convolution or a pool and how it moves, in pixels.
 *
 * @param padHeight rows of padding at the top, and as many at the bottom
 * @param padWidth columns of padding on the left, and as many on the right
 * @param dilation distance between two pixels that the kernel sees; 1: it sees neighbours
 */
public record Kernel(int height, int width, int stride, int padHeight, int padWidth, int dilation) {

  /** Without dilation. */
  public Kernel(int height, int width, int stride, int padHeight, int padWidth) {
    this(height, width, stride, padHeight, padWidth, 1);
  }

  /** Square, stride 1, no padding. */
  public static Kernel of(int side) {
    return new Kernel(side, side, 1, 0, 0);
  }

  /** Odd sides, stride 1, padded so that the map keeps its size. */
  public static Kernel same(int height, int width) {
    return new Kernel(height, width, 1, height / 2, width / 2);
  }

  public static Kernel same(int side) {
    return same(side, side);
  }

  public Kernel stride(int pixels) {
    return new Kernel(height, width, pixels, padHeight, padWidth, dilation);
  }

  public Kernel padding(int pixels) {
    return new Kernel(height, width, stride, pixels, pixels, dilation);
  }

  public Kernel dilation(int pixels) {
    return new Kernel(height, width, stride, padHeight, padWidth, pixels);
  }

  /** Rows from the first that the kernel sees to the last. */
  public int reachHeight() {
    return dilation * (height - 1) + 1;
  }

  /** Columns from the first that the kernel sees to the last. */
  public int reachWidth() {
    return dilation * (width - 1) + 1;
  }

  /** Whether the kernel is not larger than the padded map. */
  public boolean fits(LayerShape.FeatureMap map) {
    return map.height() + 2 * padHeight >= reachHeight()
        && map.width() + 2 * padWidth >= reachWidth();
  }

  /** Values that the kernel sees of one channel. */
  public int area() {
    return height * width;
  }

  /** The map that the window leaves of another; where it would stick out it is left away. */
  LayerShape.FeatureMap output(LayerShape.FeatureMap map, int channels) {
    return new LayerShape.FeatureMap(
        channels,
        (map.height() + 2 * padHeight - reachHeight()) / stride + 1,
        (map.width() + 2 * padWidth - reachWidth()) / stride + 1);
  }

  /**
   * The map of which the window leaves another, where nothing is left away: what a transposed
   * convolution gives.
   *
   * @throws IllegalArgumentException when the padding leaves nothing
   */
  LayerShape.FeatureMap stretched(LayerShape.FeatureMap map, int channels) {
    int high = (map.height() - 1) * stride + height - 2 * padHeight;
    int wide = (map.width() - 1) * stride + width - 2 * padWidth;
    if (high < 1 || wide < 1) {
      throw new IllegalArgumentException(
          "a map of %s becomes %d x %d pixels, expected at least 1 x 1".formatted(map, high, wide));
    }
    return new LayerShape.FeatureMap(channels, high, wide);
  }
}
