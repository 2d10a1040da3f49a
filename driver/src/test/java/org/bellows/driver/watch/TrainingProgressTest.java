// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.bellows.driver.progress.ProgressLine;
import org.bellows.driver.report.MetricFixtures;
import org.bellows.worker.metrics.StepMetrics;
import org.junit.jupiter.api.Test;

class TrainingProgressTest {
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);

  private String shown() {
    return shown.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aStepSaysWhereTheRunStands() {
    TrainingProgress training =
        new TrainingProgress(new ProgressLine(out, false, 0), "validation", 10, 3, 300, 64);
    training.onStep(new StepMetrics(99, 0, 2, 0.05, 0.5, 64, 0, 0.4, 0.1));
    training.onStep(new StepMetrics(199, 1, 1, 0.025, 0.5, 64, 0, 0.4, 0.1));
    assertThat(shown().lines())
        .containsExactly(
            "epoch 1/3  step 100/300  loss 2.000 (1 step)  lr 0.05000  128 images/s  left 1:40",
            "epoch 2/3  step 200/300  loss 1.500 (2 steps)  lr 0.02500  128 images/s  left 0:50");
  }

  @Test
  void theLossIsOfTheLastSteps() {
    TrainingProgress training =
        new TrainingProgress(new ProgressLine(out, false, 0), "validation", 10, 1, 300, 64);
    for (int step = 0; step < 25; step++) {
      training.onStep(new StepMetrics(step, 0, step, 0.05, 0.5, 64, 0, 0.4, 0.1));
    }
    // 15, 16, ..., 24
    assertThat(shown().lines().toList().get(24))
        .startsWith("epoch 1/1  step 25/300  loss 19.500 (10 steps)  lr 0.05000");
  }

  /** They count for the time, not for the loss. */
  @Test
  void skippedStepsHaveNoLoss() {
    TrainingProgress training =
        new TrainingProgress(new ProgressLine(out, false, 0), "validation", 10, 3, 300, 64);
    training.onStep(new StepMetrics(99, 0, Double.NaN, 0.05, 0.5, 64, 0, 0.4, 0.1));
    training.onStep(new StepMetrics(199, 1, 2, 0.025, 0.5, 64, 0, 0.4, 0.1));
    assertThat(shown().lines())
        .containsExactly(
            "epoch 1/3  step 100/300  loss NaN (0 steps)  lr 0.05000  128 images/s  left 1:40",
            "epoch 2/3  step 200/300  loss 2.000 (1 step)  lr 0.02500  128 images/s  left 0:50");
  }

  @Test
  void anEvaluationIsSaidInAnyCase() {
    TrainingProgress training =
        new TrainingProgress(new ProgressLine(out, false, 3600), "held-out", 10, 3, 300, 64);
    training.onEvaluation(MetricFixtures.epoch(2, 200, 0.5, 0.75, 1, 0));
    training.onEvaluation(MetricFixtures.epoch(3, 300, Double.NaN, 0.5, 0.5, 1500));
    training.onNote("resumed");
    assertThat(shown().lines())
        .containsExactly(
            "epoch 2/3  held-out: top-1 75.00 %  top-5 100.00 %  loss 0.5000",
            "epoch 3/3  held-out: top-1 50.00 %  top-5 50.00 %  loss not finite  1,500 answers not"
                + " finite",
            "resumed");
  }
}
