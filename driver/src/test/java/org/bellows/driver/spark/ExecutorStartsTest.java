// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.cluster.ExecutorInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import scala.collection.immutable.Map$;

@Tag("lines")
class ExecutorStartsTest {
  private final ExecutorStarts starts = new ExecutorStarts();

  private void added(String executor) {
    ExecutorInfo info = new ExecutorInfo("host-" + executor, 1, Map$.MODULE$.empty());
    starts.onExecutorAdded(new SparkListenerExecutorAdded(0, executor, info));
  }

  private void removed(String executor, String reason) {
    starts.onExecutorRemoved(new SparkListenerExecutorRemoved(0, executor, reason));
  }

  @Test
  void onlyWhatSaysThatItIsReadyCounts() {
    added("0");
    added("1");
    assertThat(starts.ready()).isZero();
    assertThat(starts.present()).isEqualTo(2);
    starts.onReady("0");
    assertThat(starts.ready()).isEqualTo(1);
    removed("0", "Command exited with code 137");
    assertThat(starts.ready()).isZero();
    assertThat(starts.readyOrLeaving()).isZero();
    assertThat(starts.failed()).isZero();
  }

  @Test
  void whatEndsBeforeThatIsCountedOnceAndTold() {
    added("0");
    removed("0", "Command exited with code 1\nand more");
    removed("0", "Remote RPC client disassociated");
    // Its first message may be under way when it ends.
    starts.onReady("0");
    assertThat(starts.ready()).isZero();
    assertThat(starts.failed()).isEqualTo(1);
    assertThat(starts.last())
        .contains(new ExecutorStarts.Ended("0", "host-0", "Command exited with code 1", null));
  }

  @Test
  void whoIsToldToEndStaysUntilNoRankNeedsIt() {
    List.of("0", "1").forEach(this::added);
    List.of("0", "1").forEach(starts::onReady);
    starts.keepLeaving(Duration.ofHours(1));
    assertThat(starts.mayLeave("1", "SIGTERM")).isFalse();
    assertThat(starts.ready()).isEqualTo(1);
    assertThat(starts.readyOrLeaving()).isEqualTo(2);
    assertThat(starts.isOneLeaving()).isFalse();
    assertThat(starts.release()).containsExactly("executor 1 on host-1 (SIGTERM)");
    assertThat(starts.mayLeave("1", "SIGTERM")).isTrue();
    assertThat(starts.isOneLeaving()).isTrue();
    removed("1", "Command exited with code 143");
    assertThat(starts.isOneLeaving()).isFalse();
    assertThat(starts.release()).isEmpty();
    assertThat(starts.failed()).isZero();
  }

  /** Spark gives it no tasks any more, and ends it when its last one is done. */
  @Test
  void whoIsDecommissionedLeavesByItself() {
    List.of("0", "1", "2").forEach(this::added);
    List.of("0", "1", "2").forEach(starts::onReady);
    starts.keepLeaving(Duration.ofHours(1));
    assertThat(starts.decommissioned("1"::equals)).containsExactly("1");
    assertThat(starts.ready()).isEqualTo(2);
    assertThat(starts.left()).isZero();
    removed("1", "Executor decommission: Finished decommissioning");
    removed("2", "Executor decommission: worker decommissioned");
    removed("0", "Command exited with code 137");
    assertThat(starts.left()).isEqualTo(2);
    assertThat(starts.release())
        .containsExactly(
            "executor 1 on host-1 (decommissioned by Spark)",
            "executor 2 on host-2 (decommissioned by Spark)");
    assertThat(List.of("1", "2")).as("gone in order").allMatch(starts::isToldToEnd);
    assertThat(starts.isToldToEnd("0")).as("lost").isFalse();
    assertThat(starts.left()).isZero();
    assertThat(starts.isOneLeaving()).isFalse();
  }

  @Test
  void noLongerThanTheGraceAndWithoutRanksNotAtAll() {
    added("0");
    starts.onReady("0");
    assertThat(starts.mayLeave("0", "SIGTERM")).isTrue();
    starts.keepLeaving(Duration.ofNanos(1));
    starts.onLeaving("0", "SIGTERM");
    assertThat(starts.mayLeave("0", "SIGTERM")).isTrue();
  }
}
