// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import org.bellows.data.batch.TrainingBatches;
import org.bellows.worker.metrics.StepMetrics;

/** Where one step's wall time goes. */
final class StepClock {
  private final PlannedStep step;
  private final TrainingBatches batches;
  private final long start = System.nanoTime();
  private final double waitedBefore;
  private long last = start;
  private double dataWait;
  private double compute;
  private double collective;
  private double hidden;

  StepClock(PlannedStep step, TrainingBatches batches) {
    this.step = step;
    this.batches = batches;
    this.waitedBefore = batches.waitSeconds();
  }

  /** Waiting for batches happens between the lanes' passes and is taken out of them. */
  void computed() {
    double waited = batches.waitSeconds() - waitedBefore - dataWait;
    dataWait += waited;
    compute += lap() - waited;
  }

  void exchanged() {
    collective += lap();
  }

  /** While lanes were computed, gradients were exchanged for so long. */
  void hidden(double seconds) {
    hidden += seconds;
  }

  void updated() {
    lap();
  }

  private double lap() {
    long now = System.nanoTime();
    double seconds = (now - last) * 1e-9;
    last = now;
    return seconds;
  }

  StepMetrics metrics(double loss) {
    return new StepMetrics(
        step.number(),
        step.epoch(),
        loss,
        step.learningRate(),
        (System.nanoTime() - start) * 1e-9,
        step.images(),
        dataWait,
        compute,
        collective,
        hidden);
  }
}
