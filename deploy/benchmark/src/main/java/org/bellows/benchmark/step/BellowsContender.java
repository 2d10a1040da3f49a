package org.bellows.benchmark.step;

import org.bellows.conf.TrainingSettings;
import org.bellows.worker.network.RandomBatch;
import org.bellows.worker.train.SoloStep;

/** Bellows as an executor with one lane trains; the images come from Java's memory each step. */
final class BellowsContender implements Contender {
  private final SoloStep step;
  private final RandomBatch batch;

  BellowsContender(Assignment assignment) {
    this.batch = assignment.batch();
    this.step =
        new SoloStep(
            assignment.network(),
            assignment.input(),
            assignment.classes(),
            TrainingSettings.of(assignment.settings()));
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
