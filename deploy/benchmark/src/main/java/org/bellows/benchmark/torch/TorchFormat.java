// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.torch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/**
 * PyTorch's memory format of maps and filters. An operation gives its result in the format of what
 * it reads, so images and filters decide about the whole network.
 */
public enum TorchFormat {
  /** torch.contiguous_format, [n, channels, height, width] row-major. */
  CONTIGUOUS(MemoryFormat.Contiguous),
  /** torch.channels_last: of the same shape, with the channels of a pixel beside each other. */
  CHANNELS_LAST(MemoryFormat.ChannelsLast);

  private static final int DIMENSIONS = 4;

  private final MemoryFormat format;

  TorchFormat(MemoryFormat format) {
    this.format = format;
  }

  /**
   * @param values row-major
   * @param shape of four dimensions, or of any number of others, which have one format alone
   */
  Tensor array(float[] values, long... shape) {
    Tensor rows = Tensor.create(values, shape);
    if (this == CONTIGUOUS || shape.length != DIMENSIONS) {
      return rows;
    }
    try (rows) {
      return rows.contiguous(format);
    }
  }
}
