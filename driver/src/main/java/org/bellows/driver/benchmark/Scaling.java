package org.bellows.driver.benchmark;

import java.util.List;

/**
 * Two executors beside one, a list entry a round.
 *
 * @param one executor with the whole global batch, in two lanes
 * @param two executors with the same, a lane each
 * @param half one executor with half of the global batch, one lane
 * @param machine what {@link Lockstep} leaves of twice one executor's rate
 */
public record Scaling(
    List<StepShares> one, List<StepShares> two, List<StepShares> half, List<Double> machine) {

  /** The same work on two: share of twice one executor's rate. Median of the rounds' own. */
  public double strong() {
    return efficiency(one);
  }

  /** Twice the work on two: share of twice one executor's rate. Median of the rounds' own. */
  public double weak() {
    return efficiency(half);
  }

  /** What two that only take the network's passes reach. Median of the rounds' own. */
  public double ofMachine() {
    return Median.of(machine.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private double efficiency(List<StepShares> alone) {
    double[] shares = new double[two.size()];
    for (int round = 0; round < shares.length; round++) {
      shares[round] = two.get(round).imagesPerSecond() / (2 * alone.get(round).imagesPerSecond());
    }
    return Median.of(shares);
  }

  /** Median of the rounds. */
  public static StepShares median(List<StepShares> rounds) {
    return new StepShares(
        Median.of(rounds.stream().mapToDouble(StepShares::imagesPerSecond).toArray()),
        Median.of(rounds.stream().mapToDouble(StepShares::dataWaitShare).toArray()),
        Median.of(rounds.stream().mapToDouble(StepShares::collectiveShare).toArray()));
  }
}
