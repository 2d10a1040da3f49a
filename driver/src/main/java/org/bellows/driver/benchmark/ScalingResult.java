// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.bellows.driver.benchmark.LockstepScaling.InStep;

/**
 * Two executors beside one, a list entry a round.
 *
 * @param one executor with the whole global batch, in two lanes
 * @param two executors with the same, a lane each
 * @param atOnce one executor with the same, both lanes at once
 * @param half one executor with half of the global batch, one lane
 * @param machine the result of two executors that run only the network's passes
 */
public record ScalingResult(
    List<StepShares> one,
    List<StepShares> two,
    List<StepShares> atOnce,
    List<StepShares> half,
    List<InStep> machine) {

  /** The same work on two: share of twice one executor's rate. Median of the rounds' own. */
  public double strong() {
    return efficiency(two, one);
  }

  /** Twice the work on two: share of twice one executor's rate. Median of the rounds' own. */
  public double weak() {
    return efficiency(two, half);
  }

  /** Two lanes at once: share of twice the rate of one lane. Median of the rounds' own. */
  public double lanesAtOnce() {
    return efficiency(atOnce, half);
  }

  /** The result of two executors that run only the network's passes. Medians of the rounds' own. */
  public InStep ofMachine() {
    return new InStep(
        median(machine, InStep::share),
        median(machine, InStep::laneSeconds),
        median(machine, InStep::spread));
  }

  private static double efficiency(List<StepShares> both, List<StepShares> alone) {
    double[] shares = new double[both.size()];
    for (int round = 0; round < shares.length; round++) {
      shares[round] = both.get(round).imagesPerSecond() / (2 * alone.get(round).imagesPerSecond());
    }
    return Median.of(shares);
  }

  /** Median of the rounds. */
  public static StepShares median(List<StepShares> rounds) {
    return new StepShares(
        median(rounds, StepShares::imagesPerSecond),
        median(rounds, StepShares::dataWaitShare),
        median(rounds, StepShares::collectiveShare));
  }

  private static <T> double median(List<T> rounds, ToDoubleFunction<T> of) {
    return Median.of(rounds.stream().mapToDouble(of).toArray());
  }
}
