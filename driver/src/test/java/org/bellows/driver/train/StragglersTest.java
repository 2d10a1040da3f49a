// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bellows.conf.Settings;
import org.bellows.worker.metrics.RankMetrics;
import org.junit.jupiter.api.Test;

class StragglersTest {
  /** Reported from twice the others' median on, over 20 seconds. */
  private final Stragglers stragglers = new Stragglers(new Settings.Metrics(5, 2, 20));

  /** Ten steps of ten seconds in all. */
  private static RankMetrics rank(
      int from, int rank, int lanes, double wait, double compute, double collections) {
    double collective = 10 - wait - compute;
    return new RankMetrics(
        from,
        from + 10,
        rank,
        "h" + rank + ":1",
        lanes,
        10,
        wait,
        compute,
        collective,
        0,
        collections);
  }

  private static List<RankMetrics> calm(int from) {
    return List.of(
        rank(from, 0, 2, 0.2, 2, 0), rank(from, 1, 1, 0.1, 1, 0), rank(from, 2, 1, 0.1, 1, 0));
  }

  private static List<RankMetrics> with(RankMetrics slow) {
    List<RankMetrics> ranks = new ArrayList<>(calm((int) slow.from()));
    ranks.set(slow.rank(), slow);
    return ranks;
  }

  @Test
  void moreLanesAreNoReason() {
    for (int segment = 0; segment < 5; segment++) {
      assertThat(stragglers.judge(calm(10 * segment))).isEmpty();
    }
  }

  @Test
  void isNamedWithHostAndCauseOnceTheWindowIsFull() {
    assertThat(stragglers.judge(with(rank(0, 1, 1, 8, 1, 0)))).as("the first").isEmpty();
    assertThat(stragglers.judge(with(rank(10, 1, 1, 8, 1, 0)))).as("10 of 20 s").isEmpty();
    assertThat(stragglers.judge(with(rank(20, 1, 1, 8, 1, 0))))
        .containsExactly(
            "rank 1 on h1:1 delays the others: in steps 10 to 29 it needed 900.0 ms for a lane"
                + " batch, the median of the others is 110.0 ms; mostly waiting for data (16.0 of"
                + " 20.0 s): its disk, its network or its decoding is slow");
  }

  @Test
  void oneWithTwoLanesIsMeasuredByTheLane() {
    stragglers.judge(calm(0));
    stragglers.judge(with(rank(10, 0, 2, 0, 8, 0)));
    // (8 + 8) s / 2 lanes / 20 steps
    assertThat(stragglers.judge(with(rank(20, 0, 2, 0, 8, 0))))
        .containsExactly(
            "rank 0 on h0:1 delays the others: in steps 10 to 29 it needed 400.0 ms for a lane"
                + " batch, the median of the others is 110.0 ms; mostly computing (16.0 of 20.0 s):"
                + " its processor is slow or shared");
  }

  @Test
  void collectorsPausesAreACauseOfTheirOwn() {
    stragglers.judge(calm(0));
    stragglers.judge(with(rank(10, 2, 1, 0, 8, 6)));
    assertThat(stragglers.judge(with(rank(20, 2, 1, 0, 8, 6))))
        .singleElement()
        .asString()
        .endsWith(
            "mostly garbage collection (12.0 of 20.0 s): cluster.executor-memory-mebibytes is too"
                + " small");
  }

  @Test
  void theReportIsToldTheFirstAndTheTenthTime() {
    stragglers.judge(calm(0));
    List<String> notes = new ArrayList<>();
    for (int segment = 1; segment <= 20; segment++) {
      notes.addAll(stragglers.judge(with(rank(10 * segment, 1, 1, 8, 1, 0))));
    }
    assertThat(notes).hasSize(2);
    assertThat(notes.get(1)).endsWith("; reported 10 times so far");
  }

  @Test
  void anAttemptBeginsAnew() {
    stragglers.judge(calm(0));
    stragglers.judge(with(rank(10, 1, 1, 8, 1, 0)));
    stragglers.beginAttempt();
    assertThat(stragglers.judge(with(rank(10, 1, 1, 8, 1, 0)))).isEmpty();
    assertThat(stragglers.judge(with(rank(20, 1, 1, 8, 1, 0)))).isEmpty();
  }

  @Test
  void aloneThereIsNobodyToHoldUp() {
    for (int segment = 0; segment < 4; segment++) {
      assertThat(stragglers.judge(List.of(rank(10 * segment, 0, 1, 1, 8, 0)))).isEmpty();
    }
  }
}
