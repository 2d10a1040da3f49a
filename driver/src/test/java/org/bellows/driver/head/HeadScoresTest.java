// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.head;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.metric.Metrics;
import org.junit.jupiter.api.Test;

class HeadScoresTest {
  private static final double NAN = Double.NaN;

  @Test
  void scoresThatAreNotFiniteAreMistakes() {
    HeadScores scores = new HeadScores(2, true, 0);
    scores.count(0, new double[] {0.75, 0.25});
    scores.count(0, new double[] {NAN, NAN});
    HeadScores more = new HeadScores(2, true, 0);
    more.count(1, new double[] {Double.NEGATIVE_INFINITY, 1});
    more.count(1, new double[] {0.75, 0.25});
    scores.add(more);
    Evaluation evaluation = scores.evaluation("test", List.of("a", "b"));
    assertThat(evaluation.samples()).isEqualTo(4);
    assertThat(evaluation.notFinite()).isEqualTo(2);
    assertThat(evaluation.value(Metrics.TOP1)).isEqualTo(0.25);
    assertThat(evaluation.value(Metrics.TOP5)).isEqualTo(0.5);
    assertThat(evaluation.value(Metrics.LOSS)).isNaN();
    assertThat(evaluation.confusion().count(0, 2)).isEqualTo(1);
    assertThat(evaluation.confusion().count(1, 2)).isEqualTo(1);
  }

  /** As a matrix 7 GB in each part of the features. */
  @Test
  void manyClassesAreCountedInLittle() {
    int classes = 30_000;
    HeadScores all = new HeadScores(classes, false, 0);
    for (int label = 0; label < 3; label++) {
      HeadScores part = new HeadScores(classes, false, 0);
      double[] margins = new double[classes];
      margins[7] = 1;
      part.count(label + 6, margins);
      all.add(part);
    }
    List<String> names = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    Evaluation evaluation = all.evaluation("test", names);
    assertThat(evaluation.value(Metrics.TOP1)).isEqualTo(1 / 3.0);
    assertThat(evaluation.notFinite()).as("margins give no loss, and are finite").isZero();
    assertThat(evaluation.value(Metrics.LOSS)).isNaN();
  }
}
