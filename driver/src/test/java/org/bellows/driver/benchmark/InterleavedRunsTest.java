// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.driver.benchmark.InterleavedRuns.Rate;
import org.bellows.driver.benchmark.LockstepScaling.InStep;
import org.bellows.worker.metrics.StepMetrics;
import org.junit.jupiter.api.Test;

class InterleavedRunsTest {

  @Test
  void contendersTakeTurns() {
    List<String> order = new ArrayList<>();
    Map<String, InterleavedRuns.Work> work = new LinkedHashMap<>();
    work.put("one", () -> order.add("one") ? 3 : 0);
    work.put("other", () -> order.add("other") ? 3 : 0);
    InterleavedRuns turns = InterleavedRuns.take(work, 2);
    assertThat(order).containsExactly("one", "other", "one", "other");
    assertThat(turns.rates().get("one")).hasSize(2).allMatch(rate -> rate.perSecond() > 0);
  }

  /** Rounds 10 : 5, 30 : 10, 8 : 8: ratios 2, 3, 1. */
  @Test
  void ratioIsTheMedianOfTheRoundsOwn() {
    InterleavedRuns turns =
        new InterleavedRuns(
            Map.of(
                "one", List.of(new Rate(10, 1), new Rate(30, 1), new Rate(8, 1)),
                "other", List.of(new Rate(5, 4), new Rate(10, 4), new Rate(8, 4))));
    assertThat(turns.ratio("one", "other")).isEqualTo(2);
    assertThat(turns.cpuRatio("one", "other")).isEqualTo(0.25);
    assertThat(turns.median("one")).isEqualTo(10);
  }

  @Test
  void medianOfAnEvenNumberIsBetweenTheMiddleTwo() {
    assertThat(Median.of(new double[] {4, 1, 10, 2})).isEqualTo(3);
  }

  @Test
  void sharesAreThoseOfTheLaterHalf() {
    List<StepMetrics> steps =
        List.of(step(100, 0, 0), step(100, 0, 0), step(2, 0.5, 0.25), step(2, 0.5, 0.75));
    StepShares shares = StepShares.of(steps, 1);
    assertThat(shares.imagesPerSecond()).isEqualTo(4);
    assertThat(shares.dataWaitShare()).isEqualTo(0.25, within(1e-12));
    assertThat(shares.collectiveShare()).isEqualTo(0.25, within(1e-12));
    assertThatThrownBy(() -> StepShares.of(steps.subList(0, 1), 1))
        .hasMessage("expected 2 steps or more, actual 1");
  }

  /** Not the median of the steps, most of which do not meet. */
  @Test
  void ratesAreThoseOfWholePeriodsWhereRanksMeetEverySoManySteps() {
    StepMetrics fast = step(1, 0, 0);
    StepMetrics meeting = step(6, 0, 5);
    List<StepMetrics> steps =
        List.of(fast, fast, meeting, fast, fast, meeting, fast, fast, meeting, fast, fast, meeting);
    assertThat(StepShares.of(steps, 3).imagesPerSecond()).isEqualTo(3);
    assertThatThrownBy(() -> StepShares.of(steps.subList(0, 5), 3))
        .hasMessage("expected 6 steps or more, actual 5");
  }

  /** 8 images a step. */
  private static StepMetrics step(double seconds, double wait, double collective) {
    return new StepMetrics(0, 0, 1, 1, seconds, 8, wait, seconds - wait - collective, collective);
  }

  /**
   * Two executors 19, at once 17.1, alone 10 and 9.5: 0.95 of twice the first, all of the second.
   */
  @Test
  void efficiencyIsTheShareOfTwiceOneExecutorsRate() {
    List<InStep> machine =
        List.of(new InStep(0.9, 3, 0.1), new InStep(0.98, 1, 0.3), new InStep(0.97, 2, 0.2));
    ScalingResult scaling = new ScalingResult(rate(10), rate(19), rate(17.1), rate(9.5), machine);
    assertThat(scaling.strong()).isEqualTo(0.95, within(1e-12));
    assertThat(scaling.weak()).isEqualTo(1, within(1e-12));
    assertThat(scaling.lanesAtOnce()).isEqualTo(0.9, within(1e-12));
    assertThat(scaling.ofMachine()).isEqualTo(new InStep(0.97, 2, 0.2));
  }

  /** The slower of the two needs 1, 2 and 3. */
  @Test
  void lockstepWaitsForTheSlowerAfterEachPiece() {
    double[] alone = {1, 1, 1};
    InStep inStep = InStep.of(alone, List.of(new double[] {1, 2, 1}, new double[] {1, 1, 3}));
    assertThat(inStep.share()).isEqualTo(0.5);
    assertThat(inStep.laneSeconds()).isEqualTo(1.5);
    // Of 1, 2, 1, 1, 1, 3: squares 3.5 by five.
    assertThat(inStep.spread()).isEqualTo(Math.sqrt(0.7) / 1.5, within(1e-12));
  }

  private static List<StepShares> rate(double imagesPerSecond) {
    return List.of(new StepShares(imagesPerSecond, 0, 0));
  }
}
