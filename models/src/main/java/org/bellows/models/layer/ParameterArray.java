// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;

/**
 * One array of a layer's parameters.
 *
 * @param name within the layer: W and b of a convolution or dense layer; gamma, beta, mean and var
 *     of a BatchNorm
 * @param shape as DL4J has it; the last axis varies fastest, but for matrices [in, out], whose
 *     first does
 * @param decay BatchNorm's weight of the old running statistics; 0 elsewhere
 */
public record ParameterArray(String name, List<Long> shape, ParameterKind kind, double decay) {
  /** The name of weights. */
  public static final String WEIGHTS = "W";

  /** The name of biases. */
  public static final String BIASES = "b";

  static ParameterArray weights(Long... shape) {
    return new ParameterArray(WEIGHTS, List.of(shape), ParameterKind.WEIGHT, 0);
  }

  static ParameterArray biases(long length) {
    return new ParameterArray(BIASES, List.of(length), ParameterKind.NO_DECAY, 0);
  }

  /** Weights [in, out] and biases of a layer that sees all values of its input. */
  static List<ParameterArray> dense(LayerShape input, long outputs) {
    return List.of(weights(input.elements(), outputs), biases(outputs));
  }

  /** Number of floats. */
  public long length() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }
}
