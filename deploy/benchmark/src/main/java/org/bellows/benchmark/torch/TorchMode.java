// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.torch;

/**
 * How PyTorch computes.
 *
 * @param format of maps and filters
 * @param bfloat16 whether maps are in that format, and weights where a layer multiplies with them,
 *     as with torch.autocast: parameters, BatchNorm's statistics and the loss stay float32, and
 *     weights are converted once a step
 */
public record TorchMode(TorchFormat format, boolean bfloat16) {

  /** As PyTorch is without further settings. */
  public static TorchMode float32(TorchFormat format) {
    return new TorchMode(format, false);
  }

  public static TorchMode bfloat16(TorchFormat format) {
    return new TorchMode(format, true);
  }
}
