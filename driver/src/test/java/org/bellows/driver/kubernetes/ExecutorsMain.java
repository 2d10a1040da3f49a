// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.kubernetes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.driver.spark.SparkContexts;

/**
 * A driver that asks for executors as every command does, and ends when a file is there. Arguments:
 * the file, then settings.
 */
public final class ExecutorsMain {
  private ExecutorsMain() {}

  public static void main(String[] args) throws InterruptedException {
    Path enough = Path.of(args[0]);
    List<String> assignments = Arrays.asList(args).subList(1, args.length);
    Settings settings = new SettingsLoader().set(assignments).load(List.of(), List.of());
    try (JavaSparkContext context = SparkContexts.open("executors", settings, null)) {
      for (int i = 0; i < 600 && !Files.exists(enough) && !context.sc().isStopped(); i++) {
        Thread.sleep(50);
      }
    }
  }
}
