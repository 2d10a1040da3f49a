// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.random;

/**
 * Beta(alpha, beta) as X / (X + Y) of two gamma variates, which are drawn as in Marsaglia and Tsang
 * 2000, "A Simple Method for Generating Gamma Variables", ACM TOMS 26(3).
 *
 * <p>Gamma variates of a shape far below 1 are often too small for a double, so their logarithms
 * are drawn: the quotient stays defined.
 *
 * @param alpha greater than 0
 * @param beta greater than 0
 */
public record BetaDistribution(double alpha, double beta) {
  public BetaDistribution {
    if (!(alpha > 0 && beta > 0)) {
      throw new IllegalArgumentException(
          "alpha is %s and beta is %s, expected more than 0".formatted(alpha, beta));
    }
  }

  /** In [0, 1]. */
  public double sample(SampleRandom random) {
    double x = logGamma(alpha, random);
    double y = logGamma(beta, random);
    return 1 / (1 + StrictMath.exp(y - x));
  }

  /**
   * The logarithm of a Gamma(shape, 1) variate; below shape 1 from that of shape + 1 (section 6).
   */
  static double logGamma(double shape, SampleRandom random) {
    if (shape >= 1) {
      return StrictMath.log(gamma(shape, random));
    }
    double larger = StrictMath.log(gamma(shape + 1, random));
    // 1 - u is in (0, 1]: its logarithm is finite.
    return larger + StrictMath.log(1 - random.nextDouble()) / shape;
  }

  /** Section 4's algorithm, with its symbols. */
  private static double gamma(double shape, SampleRandom random) {
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double root = 1 + c * x;
      double v = root * root * root;
      double u = 1 - random.nextDouble();
      if (v > 0 && StrictMath.log(u) < 0.5 * x * x + d - d * v + d * StrictMath.log(v)) {
        return d * v;
      }
    }
  }
}
