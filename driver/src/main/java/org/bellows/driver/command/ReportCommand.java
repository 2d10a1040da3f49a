// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bellows.conf.Settings;
import org.bellows.driver.command.option.ConfigurationOptions;
import org.bellows.driver.job.ReportFacts;
import org.bellows.driver.job.ReportWriter;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.spark.SiteConfiguration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code report}: draws a run's page again; also of a run that is under way or failed. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    header = "Draws the report of a training run again.",
    description = {
      "Writes report.html of the run in output.path from its files, also while it runs or "
          + "after it failed.",
      "Needs output.path."
    })
final class ReportCommand implements Callable<Integer> {
  @Mixin private ConfigurationOptions options;

  @Override
  public Integer call() {
    Settings settings = options.settings(List.of("output.path"));
    RunFolder folder =
        RunFolder.existing(SiteConfiguration.read(), settings.output().path(), "train");
    Map<?, ?> result = folder.readResult().orElse(Map.of("status", "unfinished"));
    Object metrics = result.get("metrics");
    ReportWriter.write(
        folder,
        String.valueOf(result.get("status")),
        metrics instanceof Map<?, ?> known ? known : Map.of(),
        stamp(result));
    System.out.println(folder.file(ReportWriter.NAME));
    return 0;
  }

  private static Optional<ReportFacts.Stamp> stamp(Map<?, ?> result) {
    return result.get("finishedAt") instanceof String finishedAt
            && result.get("seconds") instanceof Number seconds
        ? Optional.of(
            new ReportFacts.Stamp(
                String.valueOf(result.get("bellowsVersion")), finishedAt, seconds.doubleValue()))
        : Optional.empty();
  }
}
