// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.util.List;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;

/**
 * Starts a local cluster, lets its executors begin to start, and stops it: {@code MILLISECONDS}.
 */
public final class StoppedAtOnceMain {
  private StoppedAtOnceMain() {}

  public static void main(String[] args) throws InterruptedException {
    Settings settings =
        new SettingsLoader()
            .set(List.of("cluster.executor-memory-mebibytes=768"))
            .load(List.of(), List.of());
    try (LazySpark spark = LazySpark.of("stopped at once", settings, null, DeviceUse.NONE)) {
      spark.context();
      Thread.sleep(Long.parseLong(args[0]));
    }
  }
}
