// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.bellows.conf.ProblemCollector;
import org.bellows.conf.Settings;
import org.bellows.data.storage.DisjointPaths;
import org.bellows.driver.command.option.ConfigurationOptions;
import org.bellows.driver.features.ExtractJob;
import org.bellows.driver.head.HeadTraining;
import org.bellows.driver.job.CommandRun;
import org.bellows.driver.job.ReportWriter;
import org.bellows.driver.progress.ProgressLine;
import org.bellows.driver.spark.DeviceUse;
import org.bellows.driver.spark.LazySpark;
import org.bellows.driver.spark.MonitoredJob;
import org.bellows.driver.train.ClusterReadiness;
import org.bellows.worker.files.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code train-head}: a classifier of Spark MLlib on extracted features. */
@Command(
    name = "train-head",
    mixinStandardHelpOptions = true,
    header = "Fits a classifier to extracted features.",
    description = {
      "Fits head.kind to features that extract-features wrote, and saves it as Spark ML "
          + "pipelines: output.path/head takes features, output.path/pipeline takes images.",
      "Needs features.path and output.path."
    })
final class TrainHeadCommand implements Callable<Integer> {
  static final String NAME = "train-head";

  @Mixin private ConfigurationOptions options;

  @Override
  public Integer call() {
    Settings settings = options.settings(List.of("features.path", "output.path"));
    ProgressLine progress = new ProgressLine(settings.metrics().progressSeconds());
    try (LazySpark spark =
        LazySpark.of("bellows train-head", settings, options.master(), DeviceUse.NONE)) {
      run(spark, settings, progress);
    }
    return 0;
  }

  /**
   * The pipelines of an earlier run are removed; Spark takes all files beside features for such.
   */
  private static void requireApart(Configuration hadoop, Settings settings) {
    String output = settings.output().path();
    String features = settings.features().path();
    new DisjointPaths(hadoop)
        .notBelow("output.path", output, "features.path", features)
        .notInside("output.path", output, "features.path", features + "/" + ExtractJob.FOLDER)
        .require();
  }

  static Map<String, Object> run(LazySpark late, Settings settings, ProgressLine progress) {
    CommandRun job = new CommandRun(NAME);
    return job.run(
        late.hadoop(),
        settings.output().path(),
        () -> checked(late.hadoop(), settings),
        (folder, ignored) -> {
          job.own(folder, Map.of());
          JavaSparkContext spark = late.context();
          ClusterReadiness.await(spark, settings.cluster(), 1);
          SparkSession session = SparkSession.builder().sparkContext(spark.sc()).getOrCreate();
          HeadTraining.HeadOutcome outcome =
              MonitoredJob.run(
                  spark,
                  settings.cluster(),
                  () -> new HeadTraining(session, settings, progress).run());
          Map<String, Object> metrics = metrics(settings, outcome);
          HeadReport report = new HeadReport(settings, outcome);
          folder.write("evaluation.json", Json.pretty(report.shown()));
          report.write(folder, job.stamp());
          progress.say(
              "done: %s; pipelines in %s, report in %s"
                  .formatted(report.line(), folder.path(), folder.file(ReportWriter.NAME)));
          return metrics;
        });
  }

  private static Settings checked(Configuration hadoop, Settings settings) {
    ProblemCollector problems = new ProblemCollector();
    problems.check(() -> requireApart(hadoop, settings));
    problems.check(() -> HeadTraining.check(hadoop, settings));
    problems.requireNone();
    return settings;
  }

  private static Map<String, Object> metrics(Settings settings, HeadTraining.HeadOutcome outcome) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("kind", HeadReport.kind(settings));
    metrics.putAll(outcome.validation().metrics().byName());
    metrics.put("answers-not-finite", outcome.validation().notFinite());
    metrics.put("train-images", outcome.trainSamples());
    metrics.put("validation-images", outcome.validation().samples());
    if (outcome.test() != null) {
      HeadTraining.comparable(outcome.test())
          .byName()
          .forEach((name, value) -> metrics.put("test-" + name, value));
      metrics.put("test-answers-not-finite", outcome.test().notFinite());
      metrics.put("test-images", outcome.test().samples());
    }
    if (settings.head().kind() != Settings.HeadKind.RANDOM_FOREST) {
      metrics.put("regularisation", outcome.chosen().regularisation());
      metrics.put("trials", outcome.trials());
    }
    metrics.put("model-sha256", outcome.network());
    metrics.put("layer", outcome.layer());
    return metrics;
  }
}
