// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.masks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("instructions")
class DropMasksTest {
  private static final int ELEMENTS = 100_001;

  private static float[] mask(double kept, long seed) {
    float[] mask = new float[ELEMENTS];
    DropMasks.ofElements(FloatBuffer.wrap(mask), kept, seed);
    return mask;
  }

  /** Five deviations of the mean of Bernoulli draws. */
  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.5, 0.8, 1})
  void keepsTheMeanAndScalesWhatItKeeps(double kept) {
    double sum = 0;
    for (float value : mask(kept, 3)) {
      if (value != 0) {
        assertThat(value).isEqualTo((float) (1 / kept));
      }
      sum += value;
    }
    double deviation = Math.sqrt((1 - kept) / kept / ELEMENTS);
    assertThat(sum / ELEMENTS).isCloseTo(1, within(5 * deviation + 1e-6));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 0.8})
  void drawsTheSameFromTheSameSeedOnly(double kept) {
    assertThat(Arrays.equals(mask(kept, 3), mask(kept, 3))).isTrue();
    assertThat(Arrays.equals(mask(kept, 3), mask(kept, 4))).isFalse();
  }
}
