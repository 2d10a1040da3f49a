// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ClassProbabilityTest {
  @Test
  void aTemperatureSoftensAlsoWhatWasRoundedToZeroOrOne() {
    // Odds of 9 to 1, whose square root is 3 to 1.
    assertThat(ClassProbability.softened(0.9f, 2)).isCloseTo(0.75f, within(1e-6f));
    assertThat(ClassProbability.softened(0.5f, 7)).isEqualTo(0.5f);
    // Odds of 2^25 - 1 to 1, whose fifth root is 32 to 1.
    assertThat(ClassProbability.softened(1, 5)).isCloseTo(32 / 33f, within(1e-6f));
    // Odds of 1 to 2^127, whose root of degree 127 is 1 to 2.
    assertThat(ClassProbability.softened(0, 127)).isCloseTo(1 / 3f, within(1e-6f));
  }

  @Test
  void logitsAreFinite() {
    assertThat(ClassProbability.logit(0.75f)).isCloseTo(Math.log(3), within(1e-12));
    assertThat(ClassProbability.logit(1)).isCloseTo(25 * Math.log(2), within(1e-6));
    assertThat(ClassProbability.logit(0)).isCloseTo(-127 * Math.log(2), within(1e-6));
  }
}
