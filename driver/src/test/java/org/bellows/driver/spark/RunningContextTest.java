// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
@Tag("lines")
class RunningContextTest {
  private static Settings settings(String... more) {
    return new SettingsLoader()
        .set(List.of("cluster.executors=1"))
        .set(List.of(more))
        .load(List.of(), List.of());
  }

  private static LazySpark spark(Settings settings) {
    return LazySpark.of("a test", settings, "local[1]", DeviceUse.NONE);
  }

  @Test
  void aCommandRunsInTheContextThatRunsAndLeavesItOpen() {
    Map<String, String> further = Map.of("spark.executor.heartbeatInterval", "2s");
    try (LazySpark owner =
        LazySpark.of("its owner", settings(), "local[1]", DeviceUse.NONE, further)) {
      JavaSparkContext context = owner.context();
      try (LazySpark guest = spark(settings())) {
        assertThat(guest.context().sc()).isSameAs(context.sc());
      }
      assertThat(context.sc().isStopped()).isFalse();
      assertThat(context.parallelize(List.of(1, 2)).count()).isEqualTo(2);
      assertThat(context.sc().appName()).isEqualTo("its owner");
    }
    try (LazySpark next = spark(settings())) {
      assertThat(next.context().sc().appName()).as("its own").isEqualTo("a test");
    }
  }

  @Test
  void aContextWithOtherSettingsIsRefusedByTheirNames() {
    try (LazySpark owner = spark(settings())) {
      owner.context();
      try (LazySpark guest =
          spark(settings("cluster.start-timeout-seconds=77", "sync.timeout-seconds=33"))) {
        assertThatThrownBy(guest::context)
            .isInstanceOf(BellowsException.class)
            .hasMessage(
                "Spark runs in this process already, with other settings than this command needs"
                    + " (spark.barrier.sync.timeout,"
                    + " spark.task.reaper.killTimeout); stop it first, or start it with these")
            .extracting(e -> ((BellowsException) e).category())
            .isEqualTo(ErrorCategory.CONFIGURATION);
      }
      assertThat(owner.context().sc().isStopped()).isFalse();
    }
  }
}
