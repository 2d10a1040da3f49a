package org.bellows.driver.benchmark;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.bellows.worker.metrics.StepMetrics;

/**
 * What the steps of a run came to, as rank 0 saw them.
 *
 * @param imagesPerSecond of all ranks together, by the median step
 * @param dataWaitShare of the steps' time: waiting for batches
 * @param collectiveShare of the steps' time: exchanging, waiting for other ranks included
 */
public record StepShares(double imagesPerSecond, double dataWaitShare, double collectiveShare) {

  /**
   * Of the later half: compilers warm up and connections open in the first.
   *
   * @throws IllegalArgumentException for less than two steps
   */
  public static StepShares of(List<StepMetrics> all) {
    if (all.size() < 2) {
      throw new IllegalArgumentException("expected two steps or more, actual " + all.size());
    }
    List<StepMetrics> steps = all.subList(all.size() / 2, all.size());
    double[] rates = steps.stream().mapToDouble(step -> step.images() / step.seconds()).toArray();
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
