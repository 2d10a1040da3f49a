// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.bellows.worker.metrics.StepMetrics;

/**
 * The times of the steps of a run, as rank 0 measured them.
 *
 * @param imagesPerSecond of all ranks together, by the median step, or the median period of steps
 *     if ranks synchronise every so many
 * @param dataWaitShare of the steps' time: waiting for batches
 * @param collectiveShare of the steps' time: exchanging, waiting for other ranks included
 */
public record StepShares(double imagesPerSecond, double dataWaitShare, double collectiveShare) {

  /**
   * Over the later half: compilers warm up and connections open in the first.
   *
   * @param period steps in which ranks meet once
   * @throws IllegalArgumentException for less than two periods
   */
  public static StepShares of(List<StepMetrics> all, int period) {
    if (all.size() < 2 * period) {
      throw new IllegalArgumentException(
          "expected %d steps or more, actual %d".formatted(2 * period, all.size()));
    }
    List<StepMetrics> steps = all.subList(all.size() / 2, all.size());
    double[] rates = new double[steps.size() / period];
    for (int i = 0; i < rates.length; i++) {
      List<StepMetrics> together = steps.subList(i * period, (i + 1) * period);
      rates[i] = sum(together, StepMetrics::images) / sum(together, StepMetrics::seconds);
    }
    double seconds = sum(steps, StepMetrics::seconds);
    return new StepShares(
        Median.of(rates),
        sum(steps, StepMetrics::dataWaitSeconds) / seconds,
        sum(steps, StepMetrics::collectiveSeconds) / seconds);
  }

  private static double sum(List<StepMetrics> steps, ToDoubleFunction<StepMetrics> of) {
    return steps.stream().mapToDouble(of).sum();
  }
}
