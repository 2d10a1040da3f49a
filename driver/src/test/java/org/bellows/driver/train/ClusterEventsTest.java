// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.junit.jupiter.api.Test;

class ClusterEventsTest {
  @Test
  void signalsAreExplained() {
    assertThat(ClusterEvents.explained("Command exited with code 137\nmore"))
        .isEqualTo("Command exited with code 137 (SIGKILL: often out of memory, or preempted)");
    assertThat(ClusterEvents.explained("Command exited with code 139"))
        .isEqualTo("Command exited with code 139 (SIGSEGV: native code crashed)");
    assertThat(ClusterEvents.explained("Command exited with code 1"))
        .isEqualTo("Command exited with code 1");
    assertThat(ClusterEvents.explained("Container from a bad node. Exit status: 137. Killed"))
        .isEqualTo(
            "Container from a bad node. Exit status: 137. Killed (SIGKILL: often out of memory, or"
                + " preempted)");
    assertThat(ClusterEvents.explained(null)).isEqualTo("null");
  }

  @Test
  void anExecutorThatIsReportedTwiceIsLostOnce() throws InterruptedException {
    ClusterEvents events = new ClusterEvents();
    SparkListenerExecutorRemoved removed =
        new SparkListenerExecutorRemoved(0, "3", "Exit status: 137.");
    events.onExecutorRemoved(removed);
    events.onExecutorRemoved(removed);
    assertThat(events.lost())
        .containsExactly(
            "executor 3 on an unknown host was lost: Exit status: 137. (SIGKILL: often out of"
                + " memory, or preempted)");
  }

  private static final int STAGE = 4;

  private static void submit(ClusterEvents events) {
    Properties properties = new Properties();
    properties.setProperty("spark.jobGroup.id", ClusterEvents.JOB_GROUP);
    events.onStage(STAGE, properties);
    events.onStage(STAGE + 1, null);
    events.onStage(STAGE + 2, new Properties());
  }

  private static void start(ClusterEvents events, int partition, String executor, String host) {
    start(events, STAGE, partition, executor, host);
  }

  private static void start(
      ClusterEvents events, int stage, int partition, String executor, String host) {
    events.onTaskStart(
        new SparkListenerTaskStart(
            stage,
            0,
            new TaskInfo(
                partition, partition, 0, partition, 0, executor, host, TaskLocality.ANY(), false)));
  }

  /** Ranks are numbered by host: partitions 0 and 2 share one, so 1 is the last rank. */
  @Test
  void anExecutorIsNamedWithTheRankThatItHasAmongThoseOfItsHost() throws InterruptedException {
    ClusterEvents events = new ClusterEvents();
    events.beginAttempt(3);
    events.beginSegment();
    submit(events);
    start(events, 0, "7", "a");
    start(events, 1, "8", "b");
    assertThat(events.place(0)).isEqualTo("a rank on a (executor 7)");
    start(events, 2, "9", "a");
    assertThat(events.place(0)).isEqualTo("rank 0 on a (executor 7)");
    assertThat(events.place(1)).isEqualTo("rank 2 on b (executor 8)");
    // It keeps its rank in the next segment, and an executor that came later has none.
    events.beginSegment();
    submit(events);
    start(events, 1, "9", "a");
    start(events, 2, "10", "b");
    assertThat(events.place(1)).isEqualTo("rank 1 on a (executor 9)");
    assertThat(events.place(2)).isEqualTo("a rank on b (executor 10)");
    events.onExecutorRemoved(new SparkListenerExecutorRemoved(0, "8", "Exit status: 1."));
    assertThat(events.lost()).containsExactly("executor 8 on b (rank 2) was lost: Exit status: 1.");
  }

  @Test
  void tasksOfOtherStagesAreNoneOfASegment() {
    ClusterEvents events = new ClusterEvents();
    events.beginAttempt(2);
    events.beginSegment();
    start(events, 0, "7", "a");
    submit(events);
    start(events, STAGE + 1, 0, "8", "a");
    start(events, STAGE + 2, 1, "9", "b");
    start(events, 1, "9", "b");
    assertThat(events.haveBegun()).as("one of two, and two of other stages").isFalse();
    assertThat(events.executors()).containsExactly("9");
    start(events, 0, "7", "a");
    assertThat(events.haveBegun()).isTrue();
    assertThat(events.executors()).containsExactlyInAnyOrder("7", "9");
    events.beginSegment();
    start(events, 0, "7", "a");
    assertThat(events.executors()).as("the stage is that of the last segment").isEmpty();
  }

  @Test
  void onlyExecutorsOfRanksAreGoneRanks() {
    ClusterEvents events = new ClusterEvents();
    events.beginAttempt(2);
    events.beginSegment();
    submit(events);
    start(events, 0, "7", "a");
    start(events, 1, "8", "b");
    events.onExecutorRemoved(new SparkListenerExecutorRemoved(0, "9", "Exit status: 1."));
    assertThat(events.goneRanks()).isEmpty();
    events.onExecutorRemoved(new SparkListenerExecutorRemoved(0, "8", "Exit status: 1."));
    events.beginSegment();
    assertThat(events.goneRanks()).as("the attempt has lost it").containsExactly("8");
    events.beginAttempt(1);
    assertThat(events.goneRanks()).isEmpty();
  }
}
