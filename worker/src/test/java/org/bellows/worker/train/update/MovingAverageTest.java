// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.bellows.worker.collective.reduce.OwnedParts;
import org.bellows.worker.collective.reduce.OwnedParts.OwnedPart;
import org.junit.jupiter.api.Test;

class MovingAverageTest {
  /** Owns elements 1, 4 and 5 of 6. */
  private static final OwnedParts OWNED =
      new OwnedParts(List.of(new OwnedPart(1, 2, 1), new OwnedPart(4, 6, 3)));

  /** From 1, after updates to 3 and 5: 2/11 * 1 + 9/11 * 3, then 3/12 of that + 9/12 * 5. */
  @Test
  void theFirstStepsCountMore() {
    MovingAverage average = new MovingAverage(OWNED, 0.999);
    average.set(new float[] {0, 1, 0, 0, 1, 1});
    average.update(new float[] {9, 3, 9, 9, 3, 3}, 1);
    assertThat(average.values())
        .containsExactly(new float[] {29 / 11f, 29 / 11f, 29 / 11f}, within(1e-6f));
    average.update(new float[] {9, 5, 9, 9, 5, 5}, 2);
    double expected = 0.25 * 29 / 11 + 0.75 * 5;
    assertThat(average.values()[2]).isCloseTo((float) expected, within(1e-6f));
  }

  /**
   * The formula in double precision over 200 updates; from 80 on it is the decay of 0.9 that
   * counts.
   */
  @Test
  void followsTheFormula() {
    MovingAverage average = new MovingAverage(OWNED, 0.9);
    SplittableRandom random = new SplittableRandom(5);
    float[] vector = new float[6];
    double[] expected = new double[6];
    for (int t = 1; t <= 200; t++) {
      double decay = Math.min(0.9, (1.0 + t) / (10 + t));
      for (int i = 0; i < 6; i++) {
        vector[i] = (float) (random.nextDouble() * 4 - 2);
        expected[i] = decay * expected[i] + (1 - decay) * vector[i];
      }
      average.update(vector, t);
    }
    float[] read = {7, 7, 7, 7, 7, 7};
    average.read(read);
    for (int i = 0; i < 6; i++) {
      boolean isOwned = i == 1 || i >= 4;
      assertThat((double) read[i]).isCloseTo(isOwned ? expected[i] : 7, within(1e-6));
    }
  }
}
