// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.progress;

import java.util.Arrays;
import org.bellows.worker.metrics.StepMetrics;

/**
 * Figures of the newest steps that are reported to the driver. The loss is a mean of few steps, as
 * it changes while it is watched; times are smoothed: the plain mean at first, then an exponential
 * one. Not thread-safe.
 */
public final class RunningAverages {
  /** Steps whose mean loss is told. */
  public static final int LOSS_STEPS = 10;

  /** Weight of the newest step in the smoothed figures. */
  private static final double NEWEST = 0.05;

  private long heard;

  /** Steps that were not skipped: those have a loss. */
  private long taken;

  /** A ring: the loss of the step after which n steps are taken stands at (n - 1) % LOSS_STEPS. */
  private final double[] losses = new double[LOSS_STEPS];

  private double seconds;
  private double dataWaitSeconds;
  private double collectiveSeconds;
  private double hiddenSeconds;
  private StepMetrics last;

  public void accept(StepMetrics step) {
    heard++;
    last = step;
    if (!step.wasSkipped()) {
      losses[(int) (taken % LOSS_STEPS)] = step.loss();
      taken++;
    }
    seconds = update(seconds, step.seconds(), heard);
    dataWaitSeconds = update(dataWaitSeconds, step.dataWaitSeconds(), heard);
    collectiveSeconds = update(collectiveSeconds, step.collectiveSeconds(), heard);
    hiddenSeconds = update(hiddenSeconds, step.hiddenSeconds(), heard);
  }

  /**
   * The plain mean at first, so that the first step does not weigh on for long.
   *
   * @param count of values, this one included
   */
  private static double update(double before, double now, long count) {
    return before + Math.max(NEWEST, 1.0 / count) * (now - before);
  }

  /** The newest step, or null before the first. */
  public StepMetrics last() {
    return last;
  }

  /**
   * Mean over {@link #lossSteps}, in nats; NaN before the first step that was not skipped. All
   * other figures are NaN before the first step.
   */
  public double loss() {
    return Arrays.stream(losses).limit(lossSteps()).average().orElse(Double.NaN);
  }

  /** How many steps the loss is a mean of: the newest that were not skipped. */
  public int lossSteps() {
    return (int) Math.min(taken, LOSS_STEPS);
  }

  /** Likely for so many images more. */
  public double secondsFor(long images) {
    return images / imagesPerSecond();
  }

  /** All ranks together. */
  public double imagesPerSecond() {
    return heard == 0 ? Double.NaN : last.images() / seconds;
  }

  /** Share of the time in which rank 0 waited for batches, 0 to 1. */
  public double dataWaitShare() {
    return heard == 0 ? Double.NaN : dataWaitSeconds / seconds;
  }

  /** Share of the time in which rank 0 exchanged gradients and parameters, 0 to 1. */
  public double collectiveShare() {
    return heard == 0 ? Double.NaN : collectiveSeconds / seconds;
  }

  /** Share of the time in which rank 0 exchanged gradients while it computed, 0 to 1. */
  public double hiddenShare() {
    return heard == 0 ? Double.NaN : hiddenSeconds / seconds;
  }
}
