// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.torch;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * One vertex of the graph as an operation of PyTorch.
 *
 * @param name of its result
 * @param inputs names of the results that it works on
 * @param function from these to the result
 */
record TorchOperation(String name, List<String> inputs, TensorFunction function) {

  /** Maps are [n, channels, height, width], all else [n, features]. */
  @FunctionalInterface
  interface TensorFunction {
    /**
     * @param training whether dropout and batch statistics are on
     */
    Tensor apply(List<Tensor> inputs, boolean training);
  }
}
