// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import org.bellows.data.batch.MultiLabelTargets;
import org.junit.jupiter.api.Test;

class LabelCountingTest {
  /** Of one sample, of the first of two classes. */
  private static double loss(float own, float other) {
    MultiLabelTargets targets = new MultiLabelTargets(new float[] {1, 0}, 2, Optional.empty());
    return LabelCounting.loss(new float[] {own, other}, targets, 0);
  }

  @Test
  void smallProbabilitiesOfTrueClassesCountInFull() {
    assertThat(loss(0.5f, 0.75f)).isCloseTo((Math.log(2) + Math.log(4)) / 2, within(1e-15));
    assertThat(loss(1e-12f, 0)).isCloseTo(12 * Math.log(10) / 2, within(1e-6));
    assertThat(loss(0, 0)).isCloseTo(37 * Math.log(10) / 2, within(1e-12));
    assertThat(loss(1, 1)).as("25 bits are known of 1 - p").isEqualTo(-Math.log(0x1p-25) / 2);
    assertThat(loss(Float.NaN, 0)).isNaN();
  }
}
