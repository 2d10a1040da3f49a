// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.Pool;
import org.bellows.worker.engine.onednn.plan.UnsupportedLayer;

/**
 * How a window slides over a map; each array is height, width.
 *
 * @param before padding at the top and left
 * @param dilation distance between two pixels that the kernel sees
 * @param same {@link org.bellows.models.layer.Pool#roundsUp}
 */
public record WindowGeometry(
    long[] kernel, long[] stride, long[] before, long[] dilation, boolean same) {

  /** The geometry of a convolution. */
  public static WindowGeometry of(Kernel kernel) {
    return of(kernel, false);
  }

  /**
   * The geometry of a pool.
   *
   * @throws org.bellows.conf.BellowsException (configuration) for a dilation, which no pool of the
   *     engine has
   */
  public static WindowGeometry of(String vertex, Pool pool) {
    Kernel kernel = pool.window();
    if (kernel.dilation() != 1) {
      throw UnsupportedLayer.of(vertex, "a pool's dilation " + kernel.dilation());
    }
    return of(kernel, pool.roundsUp());
  }

  private static WindowGeometry of(Kernel kernel, boolean roundsUp) {
    return new WindowGeometry(
        new long[] {kernel.height(), kernel.width()},
        new long[] {kernel.stride(), kernel.stride()},
        new long[] {kernel.padHeight(), kernel.padWidth()},
        new long[] {kernel.dilation(), kernel.dilation()},
        roundsUp);
  }

  /** Windows side by side, each as large as they are far apart. */
  public static WindowGeometry tiles(long height, long width) {
    long[] tile = {height, width};
    return new WindowGeometry(tile, tile, new long[] {0, 0}, new long[] {1, 1}, false);
  }

  /** The window that covers a whole map. */
  public static WindowGeometry whole(long height, long width) {
    return new WindowGeometry(
        new long[] {height, width}, new long[] {1, 1}, new long[] {0, 0}, new long[] {1, 1}, false);
  }

  /** The same downwards; across, a window of one pixel that moves by one. */
  public WindowGeometry down() {
    return new WindowGeometry(
        new long[] {kernel[0], 1},
        new long[] {stride[0], 1},
        new long[] {before[0], 0},
        new long[] {dilation[0], 1},
        same);
  }

  public boolean isDilated() {
    return dilation[0] != 1 || dilation[1] != 1;
  }

  /** Pixels that are left out between two that the kernel sees: oneDNN's dilation. */
  public long[] gaps() {
    return new long[] {dilation[0] - 1, dilation[1] - 1};
  }

  /** Pixels from the first that the kernel sees to the last. */
  private long reach(int axis) {
    return dilation[axis] * (kernel[axis] - 1) + 1;
  }

  /**
   * The map of which the windows leave another: what a transposed convolution gives.
   *
   * @param input height, width
   */
  public long[] stretched(long[] input) {
    long[] output = new long[2];
    for (int i = 0; i < 2; i++) {
      output[i] = (input[i] - 1) * stride[i] + reach(i) - 2 * before[i];
    }
    return output;
  }

  /**
   * @param input height, width
   */
  public long[] output(long[] input) {
    long[] output = new long[2];
    for (int i = 0; i < 2; i++) {
      output[i] =
          same
              ? (input[i] + stride[i] - 1) / stride[i]
              : (input[i] + 2 * before[i] - reach(i)) / stride[i] + 1;
    }
    return output;
  }

  /** Padding at the top and left; mode Same puts the smaller half there. */
  public long[] leading(long[] input) {
    if (!same) {
      return before.clone();
    }
    long[] leading = new long[2];
    long[] output = output(input);
    for (int i = 0; i < 2; i++) {
      leading[i] = Math.max(0, (output[i] - 1) * stride[i] + reach(i) - input[i]) / 2;
    }
    return leading;
  }

  /** Padding at the bottom and right that the last window reaches into. */
  public long[] trailing(long[] input) {
    long[] trailing = new long[2];
    long[] output = output(input);
    long[] leading = leading(input);
    for (int i = 0; i < 2; i++) {
      long end = (output[i] - 1) * stride[i] + reach(i);
      trailing[i] = Math.max(0, end - input[i] - leading[i]);
    }
    return trailing;
  }
}
