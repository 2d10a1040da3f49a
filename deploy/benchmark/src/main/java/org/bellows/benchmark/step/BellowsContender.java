// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.step;

import org.bellows.conf.part.TrainingSettings;
import org.bellows.worker.network.RandomBatch;
import org.bellows.worker.train.SingleRankStep;

/** Bellows as an executor with one lane trains; the images come from Java's memory each step. */
final class BellowsContender implements Contender {
  private final SingleRankStep step;
  private final RandomBatch batch;

  /**
   * @param more assignments of settings
   */
  BellowsContender(Assignment assignment, String... more) {
    this.batch = assignment.batch();
    this.step =
        new SingleRankStep(
            assignment.network(),
            assignment.input(),
            assignment.classes(),
            TrainingSettings.of(assignment.settings(more)));
  }

  @Override
  public double step() {
    return step.take(batch.pixels(), batch.targets());
  }

  @Override
  public void close() {
    step.close();
  }
}
