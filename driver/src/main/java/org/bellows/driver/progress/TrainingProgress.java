package org.bellows.driver.progress;

import java.util.Locale;
import java.util.function.Consumer;
import org.bellows.worker.metrics.StepMetrics;

/** epoch 3/12 step 2345/11252 loss 0.412 lr 0.0183 2140 images/s left 1:12. */
public final class TrainingProgress implements Consumer<StepMetrics> {
  /** Weight of the newest step in the smoothed figures. */
  private static final double NEWEST = 0.05;

  private final Progress progress;
  private final int epochs;
  private final long totalSteps;
  private long heard;
  private double loss;
  private double secondsPerStep;

  public TrainingProgress(Progress progress, int epochs, long totalSteps) {
    this.progress = progress;
    this.epochs = epochs;
    this.totalSteps = totalSteps;
  }

  @Override
  public synchronized void accept(StepMetrics step) {
    heard++;
    if (!step.wasSkipped()) {
      loss = smooth(loss, step.loss());
    }
    secondsPerStep = smooth(secondsPerStep, step.seconds());
    progress.show(
        String.format(
            Locale.ROOT,
            "epoch %d/%d  step %d/%d  loss %.3f  lr %.4g  %.0f images/s  left %s",
            step.epoch() + 1,
            epochs,
            step.step() + 1,
            totalSteps,
            loss,
            step.learningRate(),
            step.images() / secondsPerStep,
            Progress.clock((totalSteps - step.step() - 1) * secondsPerStep)));
  }

  /** The plain mean at first, so that the first step does not weigh on for long. */
  private double smooth(double before, double now) {
    return before + Math.max(NEWEST, 1.0 / heard) * (now - before);
  }
}
