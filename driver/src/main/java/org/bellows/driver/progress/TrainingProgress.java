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
  private double loss = Double.NaN;
  private double secondsPerStep = Double.NaN;

  public TrainingProgress(Progress progress, int epochs, long totalSteps) {
    this.progress = progress;
    this.epochs = epochs;
    this.totalSteps = totalSteps;
  }

  @Override
  public synchronized void accept(StepMetrics step) {
    loss = smooth(loss, step.loss());
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

  private static double smooth(double before, double now) {
    return Double.isNaN(before) ? now : before + NEWEST * (now - before);
  }
}
