// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.bellows.conf.Settings;
import org.bellows.driver.command.option.ConfigurationOptions;
import org.bellows.driver.job.DryRun;
import org.bellows.driver.job.TrainJob;
import org.bellows.driver.progress.ProgressLine;
import org.bellows.driver.spark.LazySpark;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code train}: a prepared dataset in, a model and a report out. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    header = "Trains a network on a prepared dataset.",
    description = {
      "With the output.path of an earlier start it resumes from the newest checkpoint.",
      "Needs data.path, output.path and model.name; with --dry-run only model.name."
    })
final class TrainCommand implements Callable<Integer> {
  @Mixin private ConfigurationOptions options;

  @Option(
      names = "--dry-run",
      description =
          "Checks everything that can be checked without executors, prints what the run would be,"
              + " and draws the learning rate into plan.html where output.path is new or empty.")
  private boolean dryRun;

  @Override
  public Integer call() {
    if (dryRun) {
      DryRun.run(options.settings(List.of("model.name")), options.master());
      return 0;
    }
    Settings settings = options.settings(TrainJob.REQUIRED);
    try (LazySpark spark = TrainJob.spark(settings, options.master())) {
      new TrainJob(spark, settings, new ProgressLine(settings.metrics().progressSeconds())).run();
    }
    return 0;
  }
}
