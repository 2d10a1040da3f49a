// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClassTargetsTest {
  private static final int[] LABELS = {2, 0};

  @Test
  void withoutMixingTheLabelHasItAll() {
    ClassTargets targets = ClassTargets.of(LABELS, 3);
    assertThat(targets.distributions()).containsExactly(0, 0, 1, 1, 0, 0);
    assertThat(targets.samples()).isEqualTo(2);
    assertThat(targets.mixed()).isEmpty();
  }

  @Test
  void whatWasMixedIsLearnedAndTheLabelsStay() {
    float[] mixed = {0.25f, 0, 0.75f, 1, 0, 0};
    ClassTargets targets = new ClassTargets(LABELS, 3, Optional.of(mixed));
    assertThat(targets.distributions()).isSameAs(mixed);
    assertThat(targets.labels()).containsExactly(2, 0);
  }

  @Test
  void aUserIsGivenTheKindThatItIs() {
    Targets targets = ClassTargets.of(LABELS, 3);
    assertThat(targets.ofClasses()).isSameAs(targets);
  }
}
