// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
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
}
