// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.progress;

import org.bellows.worker.metrics.StepMetrics;

/**
 * Smoothed figures of the steps that are reported to the driver: the plain mean at first, then an
 * exponential one. Not thread-safe.
 */
public final class RunningAverages {
  /** Weight of the newest step in the smoothed figures. */
  private static final double NEWEST = 0.05;

  private long heard;

  /** Steps that were not skipped: those have a loss. */
  private long taken;

  private double loss;
  private double seconds;
  private double dataWaitSeconds;
  private double collectiveSeconds;
  private StepMetrics last;

  public void accept(StepMetrics step) {
    heard++;
    last = step;
    if (!step.wasSkipped()) {
      taken++;
      loss = update(loss, step.loss(), taken);
    }
    seconds = update(seconds, step.seconds(), heard);
    dataWaitSeconds = update(dataWaitSeconds, step.dataWaitSeconds(), heard);
    collectiveSeconds = update(collectiveSeconds, step.collectiveSeconds(), heard);
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

  /** In nats; NaN before the first step that was not skipped. All others: before the first step. */
  public double loss() {
    return taken == 0 ? Double.NaN : loss;
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
}
