// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.worker.evaluate.metric.ConfusionCounts;
import org.bellows.worker.evaluate.metric.Metrics;
import org.junit.jupiter.api.Test;

/** Below Spark. */
class SegmentationEvaluatorTest {
  @Test
  void nothingComparedHasNoFigure() {
    ConfusionCounts some = ConfusionCounts.of(new long[][] {{3, 1, 0}, {0, 0, 0}});
    // Class 0: 3 of 4; class 1, an answer only: 0 of 1.
    assertThat(SegmentationEvaluator.value(Metrics.MIOU, some)).isEqualTo(0.75 / 2);
    ConfusionCounts none = ConfusionCounts.of(new long[2][3]);
    assertThatThrownBy(() -> SegmentationEvaluator.value(Metrics.MIOU, none))
        .isInstanceOfSatisfying(
            BellowsException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.DATA))
        .hasMessageStartingWith("no pixel of the rows has a class in its mask");
  }
}
