package org.bellows.worker.train;

import org.bellows.data.batch.TrainingBatches;
import org.bellows.worker.metrics.StepMetrics;

/** Where one step's wall time goes. */
final class StepClock {
  private final TrainingBatches batches;
  private final long start = System.nanoTime();
  private final double waitedBefore;
  private long last = start;
  private double dataWait;
  private double compute;
  private double collective;

  StepClock(TrainingBatches batches) {
    this.batches = batches;
    this.waitedBefore = batches.waitSeconds();
  }

  /** Waiting for batches happens between the lanes' passes and is taken out of them. */
  void computed() {
    dataWait = batches.waitSeconds() - waitedBefore;
    compute = lap() - dataWait;
  }

  void exchanged() {
    collective += lap();
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

  StepMetrics metrics(long step, int epoch, double loss, double rate, int images) {
    double seconds = (System.nanoTime() - start) * 1e-9;
    return new StepMetrics(step, epoch, loss, rate, seconds, images, dataWait, compute, collective);
  }
}
