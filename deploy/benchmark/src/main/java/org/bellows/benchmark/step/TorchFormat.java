// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * PyTorch's memory format of maps and filters. An operation gives its result in the format of what
 * it reads, so images and filters decide about the whole network.
 */
enum TorchFormat {
  /** torch.contiguous_format, [n, channels, height, width] row-major. */
  CONTIGUOUS,
  /** torch.channels_last: of the same shape, with the channels of a pixel beside each other. */
  CHANNELS_LAST;

  private static final int DIMENSIONS = 4;

  /**
   * @param values row-major
   * @param shape of four dimensions, or of any number of others, which have one format alone
   */
  NDArray array(NDManager manager, float[] values, long... shape) {
    NDArray contiguous = manager.create(values, new Shape(shape));
    if (this == CONTIGUOUS || shape.length != DIMENSIONS) {
      return contiguous;
    }
    // What DJL makes of an array of Java's lives no longer than the object that it gives.
    try (contiguous;
        NDArray turned = contiguous.transpose(0, 2, 3, 1);
        NDArray stored = turned.reshape(-1);
        NDArray copy = stored.reshape(shape[0], shape[2], shape[3], shape[1]);
        NDArray view = copy.transpose(0, 3, 1, 2)) {
      return view.duplicate();
    }
  }
}
