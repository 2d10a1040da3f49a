// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.step;

import ai.djl.ndarray.NDArray;
import java.util.List;

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
    NDArray apply(List<NDArray> inputs, boolean training);
  }
}
