// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.bellows.worker.metrics.StepMetrics;
import org.junit.jupiter.api.Test;

class StepHistoryTest {
  @Test
  void laterStepsReplaceThoseTheyRepeat() {
    StepHistory history = StepHistory.of(log(0, 1, 2, 3, 2, 3, 4, 1, 2));
    assertThat(history.values(StepMetrics::step)).containsExactly(0, 1, 2);
    // The loss is the place in the log.
    assertThat(history.values(StepMetrics::loss)).containsExactly(0, 7, 8);
    assertThat(history.resumes()).containsExactly(2L, 1L);
  }

  @Test
  void aRunWithoutResumesIsKept() {
    StepHistory history = StepHistory.of(log(5, 6, 9));
    assertThat(history.values(StepMetrics::step)).containsExactly(5, 6, 9);
    assertThat(history.resumes()).isEmpty();
    assertThat(history.imagesPerSecond()).isEqualTo(32);
  }

  @Test
  void withoutTimeThereIsNoRate() {
    StepMetrics untimed = new StepMetrics(0, 0, 1, 0.1, 0, 16, 0, 0, 0);
    assertThat(StepHistory.imagesPerSecond(untimed)).isNaN();
    assertThat(StepHistory.of(List.of(untimed)).imagesPerSecond()).isNaN();
    assertThat(StepHistory.of(List.of()).imagesPerSecond()).isNaN();
  }

  @Test
  void theRestIsWhatThePartsLeave() {
    assertThat(StepHistory.restSeconds(log(0).get(0))).isEqualTo(0.125);
    assertThat(StepHistory.restSeconds(new StepMetrics(0, 0, 1, 0.1, 0.5, 16, 1, 1, 1))).isZero();
  }

  private static List<StepMetrics> log(long... steps) {
    List<StepMetrics> log = new ArrayList<>();
    LongStream.of(steps)
        .forEach(
            step ->
                log.add(new StepMetrics(step, 0, log.size(), 0.1, 0.5, 16, 0.125, 0.125, 0.125)));
    return log;
  }
}
