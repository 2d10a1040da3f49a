// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver;

import java.util.List;
import java.util.Map;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.driver.spark.DeviceUse;
import org.bellows.driver.spark.LazySpark;

/**
 * Two executors of this machine for commands that run one after the other: each runs in this Spark,
 * as long as it is open, instead of starting one of its own, which takes some seconds. Commands on
 * another master cannot run meanwhile.
 */
public final class TwoExecutors implements AutoCloseable {
  /** The settings with which commands find these executors. */
  public static final String MEMORY = "--set=cluster.executor-memory-mebibytes=768";

  /** As {@code prepare} and {@code extract-features} want it. */
  private static final Map<String, String> HEARTBEAT =
      Map.of("spark.executor.heartbeatInterval", "2s");

  private final LazySpark spark;

  private TwoExecutors(LazySpark spark) {
    this.spark = spark;
  }

  public static TwoExecutors start() {
    Settings settings =
        new SettingsLoader()
            .set(List.of("cluster.executors=2", MEMORY.replace("--set=", "")))
            .load(List.of(), List.of());
    LazySpark spark = LazySpark.of("two executors", settings, null, DeviceUse.BOTH, HEARTBEAT);
    spark.context();
    return new TwoExecutors(spark);
  }

  @Override
  public void close() {
    spark.close();
  }
}
