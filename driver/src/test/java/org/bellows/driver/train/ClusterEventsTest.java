package org.bellows.driver.train;

import static org.assertj.core.api.Assertions.assertThat;

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
    assertThat(ClusterEvents.explained(null)).isEqualTo("null");
  }
}
