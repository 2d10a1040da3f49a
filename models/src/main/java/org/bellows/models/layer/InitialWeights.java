// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

/**
 * The distribution that a layer's weights are drawn from.
 *
 * @param value of {@link Kind#NORMAL} and {@link Kind#TRUNCATED_NORMAL} the standard deviation, of
 *     {@link Kind#UNIFORM} the bound; the others follow the layer's fan-in and fan-out and take 0
 */
public record InitialWeights(Kind kind, double value) {

  /** The kind of distribution, with mean 0. */
  public enum Kind {
    /** He et al. 2015, "Delving deep into rectifiers", equation 10: N(0, 2 / fan-in). */
    HE,
    /**
     * Glorot and Bengio 2010, equation 12, as a normal distribution: N(0, 2 / (fan-in + fan-out)).
     * The fan-out of a convolution is divided by the square of its stride.
     */
    GLOROT,
    /** N(0, value^2). */
    NORMAL,
    /** N(0, value^2), drawn again beyond two deviations. */
    TRUNCATED_NORMAL,
    /** Uniform in [-value, value]. */
    UNIFORM,
    /** Not drawn: all 0. */
    ZERO,
    /**
     * Not drawn: bilinear interpolation by a transposed convolution (Long, Shelhamer, Darrell 2015,
     * section 3.3), on the diagonal of channels where there is one group. With k pixels a side and
     * f = ceil(k / 2), pixel i has 1 - |i - (k - 1) / 2| / f.
     */
    BILINEAR
  }

  /** {@link Kind#BILINEAR}. */
  public static InitialWeights bilinear() {
    return new InitialWeights(Kind.BILINEAR, 0);
  }

  public static InitialWeights normal(double deviation) {
    return new InitialWeights(Kind.NORMAL, deviation);
  }

  public static InitialWeights uniform(double bound) {
    return new InitialWeights(Kind.UNIFORM, bound);
  }
}
