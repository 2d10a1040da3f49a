// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.graph;

import org.bellows.models.layer.InitialWeights;

/** How a layer's weights start. Biases start at 0 unless a family says otherwise. */
@FunctionalInterface
public interface WeightInitializers {
  /** He et al. 2015, "Delving deep into rectifiers", equation 10: N(0, 2 / fan-in). */
  WeightInitializers HE = (fanIn, fanOut) -> new InitialWeights(InitialWeights.Kind.HE, 0);

  /** The same paper, equation 14: N(0, 2 / fan-out). */
  WeightInitializers HE_FAN_OUT = (fanIn, fanOut) -> InitialWeights.normal(Math.sqrt(2.0 / fanOut));

  /**
   * Glorot and Bengio 2010, equation 12, as a normal distribution: N(0, 2 / (fan-in + fan-out)). A
   * convolution's fan-out is divided by the square of its stride.
   */
  WeightInitializers XAVIER = (fanIn, fanOut) -> new InitialWeights(InitialWeights.Kind.GLOROT, 0);

  /** Glorot and Bengio 2010, equation 16: uniform in +-sqrt(6 / (fan-in + fan-out)). */
  WeightInitializers XAVIER_UNIFORM =
      (fanIn, fanOut) -> InitialWeights.uniform(Math.sqrt(6.0 / (fanIn + fanOut)));

  /** All 0: only for layers that no hidden one follows, such as a network's scores. */
  WeightInitializers ZERO = (fanIn, fanOut) -> new InitialWeights(InitialWeights.Kind.ZERO, 0);

  /** Uniform in +-1 / sqrt(fan-out). */
  WeightInitializers UNIFORM_OVER_FAN_OUT =
      (fanIn, fanOut) -> InitialWeights.uniform(1 / Math.sqrt((double) fanOut));

  /**
   * @param fanIn inputs that one output sees
   * @param fanOut outputs that one input reaches, strides not counted
   */
  InitialWeights of(long fanIn, long fanOut);

  static WeightInitializers gaussian(double deviation) {
    return (fanIn, fanOut) -> InitialWeights.normal(deviation);
  }

  /** Gaussian, drawn again beyond two deviations. */
  static WeightInitializers truncated(double deviation) {
    return (fanIn, fanOut) -> new InitialWeights(InitialWeights.Kind.TRUNCATED_NORMAL, deviation);
  }
}
