// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BetaDistributionTest {
  private static final int DRAWS = 100_000;

  /** Mean a / (a + b), variance a b / ((a + b)^2 (a + b + 1)); five standard errors of the mean. */
  @ParameterizedTest
  @CsvSource({"1, 1", "0.2, 0.2", "0.3, 0.3", "0.01, 0.01", "2, 5", "0.5, 3", "100, 100"})
  void hasTheMeanAndVarianceOfTheFormula(double alpha, double beta) {
    BetaDistribution distribution = new BetaDistribution(alpha, beta);
    SampleRandom random = new SampleRandom(7);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < DRAWS; i++) {
      double value = distribution.sample(random);
      assertThat(value).isBetween(0.0, 1.0);
      sum += value;
      squares += value * value;
    }
    double mean = alpha / (alpha + beta);
    double variance = alpha * beta / ((alpha + beta) * (alpha + beta) * (alpha + beta + 1));
    assertThat(sum / DRAWS).isCloseTo(mean, Offset.offset(5 * Math.sqrt(variance / DRAWS)));
    double found = squares / DRAWS - sum / DRAWS * (sum / DRAWS);
    assertThat(found).isCloseTo(variance, Offset.offset(0.03 * variance));
  }

  /**
   * Gamma(k, 1) has mean k and variance k, above and below the shape that the method is made for.
   */
  @ParameterizedTest
  @CsvSource({"0.3", "1", "1.2", "3", "40"})
  void gammaHasMeanAndVarianceOfItsShape(double shape) {
    SampleRandom random = new SampleRandom(9);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < DRAWS; i++) {
      double value = Math.exp(BetaDistribution.logGamma(shape, random));
      sum += value;
      squares += value * value;
    }
    assertThat(sum / DRAWS).isCloseTo(shape, Offset.offset(5 * Math.sqrt(shape / DRAWS)));
    double found = squares / DRAWS - sum / DRAWS * (sum / DRAWS);
    assertThat(found).isCloseTo(shape, Offset.offset(0.06 * shape));
  }

  /** Beta(1, 1) is uniform: a tenth of the draws in each tenth. */
  @Test
  void ofOneAndOneIsUniform() {
    SampleRandom random = new SampleRandom(1);
    int[] counts = new int[10];
    for (int i = 0; i < DRAWS; i++) {
      counts[(int) Math.min(9, 10 * new BetaDistribution(1, 1).sample(random))]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(9_500, 10_500);
    }
  }

  @Test
  void gaussianHasMeanZeroVarianceOneAndItsTails() {
    SampleRandom random = new SampleRandom(5);
    double sum = 0;
    double squares = 0;
    int beyondTwo = 0;
    for (int i = 0; i < DRAWS; i++) {
      double value = random.nextGaussian();
      sum += value;
      squares += value * value;
      beyondTwo += Math.abs(value) > 2 ? 1 : 0;
    }
    assertThat(sum / DRAWS).isCloseTo(0, Offset.offset(0.016));
    assertThat(squares / DRAWS).isCloseTo(1, Offset.offset(0.023));
    // 4.55 %
    assertThat(beyondTwo).isBetween(4_220, 4_880);
  }

  @Test
  void refusesShapesOfZero() {
    assertThatThrownBy(() -> new BetaDistribution(0, 1))
        .hasMessage("alpha is 0.0 and beta is 1.0, expected more than 0");
  }
}
