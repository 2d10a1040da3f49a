// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import org.bellows.models.layer.Kernel;
import org.bellows.worker.engine.onednn.plan.UnsupportedLayer;

/**
 * How a window slides over a map; each array is height, width.
 *
 * @param before padding at the top and left
 */
public record WindowGeometry(long[] kernel, long[] stride, long[] before, boolean same) {

  /**
   * @param roundsUp {@link org.bellows.models.layer.Pool#roundsUp}
   * @throws org.bellows.conf.BellowsException (configuration) for a dilation, which the engine does
   *     not know
   */
  public static WindowGeometry of(String vertex, Kernel kernel, boolean roundsUp) {
    if (kernel.dilation() != 1) {
      throw UnsupportedLayer.of(vertex, "dilation " + kernel.dilation());
    }
    return new WindowGeometry(
        new long[] {kernel.height(), kernel.width()},
        new long[] {kernel.stride(), kernel.stride()},
        new long[] {kernel.padHeight(), kernel.padWidth()},
        roundsUp);
  }

  /** The window that covers a whole map. */
  static WindowGeometry whole(long height, long width) {
    return new WindowGeometry(
        new long[] {height, width}, new long[] {1, 1}, new long[] {0, 0}, false);
  }

  /** The same downwards; across, a window of one pixel that moves by one. */
  WindowGeometry down() {
    return new WindowGeometry(
        new long[] {kernel[0], 1}, new long[] {stride[0], 1}, new long[] {before[0], 0}, same);
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
              : (input[i] + 2 * before[i] - kernel[i]) / stride[i] + 1;
    }
    return output;
  }

  /** Padding at the top and left; mode Same puts the smaller half there. */
  long[] leading(long[] input) {
    if (!same) {
      return before.clone();
    }
    long[] leading = new long[2];
    long[] output = output(input);
    for (int i = 0; i < 2; i++) {
      leading[i] = Math.max(0, (output[i] - 1) * stride[i] + kernel[i] - input[i]) / 2;
    }
    return leading;
  }

  /** Padding at the bottom and right that the last window reaches into. */
  long[] trailing(long[] input) {
    long[] trailing = new long[2];
    long[] output = output(input);
    long[] leading = leading(input);
    for (int i = 0; i < 2; i++) {
      long reach = (output[i] - 1) * stride[i] + kernel[i];
      trailing[i] = Math.max(0, reach - input[i] - leading[i]);
    }
    return trailing;
  }
}
