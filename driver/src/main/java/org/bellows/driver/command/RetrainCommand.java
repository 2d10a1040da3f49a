// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.Problem;
import org.bellows.conf.RetrainSettings;
import org.bellows.conf.Settings;
import org.bellows.conf.TrainSettings;
import org.bellows.data.storage.DisjointPaths;
import org.bellows.data.storage.lease.Lease;
import org.bellows.data.storage.lease.LeaseTerms;
import org.bellows.driver.command.option.ConfigurationOptions;
import org.bellows.driver.job.BuildVersion;
import org.bellows.driver.job.CommandRun;
import org.bellows.driver.job.ReportWriter;
import org.bellows.driver.job.SparkRetrainSteps;
import org.bellows.driver.progress.ProgressLine;
import org.bellows.driver.registry.ModelRegistry;
import org.bellows.driver.registry.RegisteredModel;
import org.bellows.driver.registry.Score;
import org.bellows.driver.retrain.Decision;
import org.bellows.driver.retrain.DecisionHistory;
import org.bellows.driver.retrain.RetrainResult;
import org.bellows.driver.retrain.RetrainSetup;
import org.bellows.driver.retrain.Retraining;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.spark.DeviceUse;
import org.bellows.driver.spark.LazySpark;
import org.bellows.driver.spark.SiteConfiguration;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.evaluate.metric.Metrics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code retrain}: what a schedule starts every night. */
@Command(
    name = "retrain",
    mixinStandardHelpOptions = true,
    header = "Trains on new data, and promotes a better model.",
    description = {
      "Starts from the registry's current version, evaluates both on evaluate.split, and makes "
          + "the new version current if it is better (retrain.metric). Without new data it does "
          + "nothing. After an interruption the same command resumes.",
      "Needs data.path, output.path, model.name and registry.path; all but data.path stay the "
          + "same from night to night."
    })
final class RetrainCommand implements Callable<Integer> {
  private static final String NAME = "retrain";
  private static final List<String> REQUIRED =
      List.of("data.path", "output.path", "model.name", "registry.path");

  @Mixin private ConfigurationOptions options;

  @Override
  public Integer call() {
    Settings settings = options.settings(REQUIRED, RetrainCommand::problems);
    String output = settings.output().path();
    new DisjointPaths(SiteConfiguration.read())
        .notBelow("output.path", output, "data.path", settings.data().path())
        .notBelow("output.path", output, "registry.path", settings.registry().path())
        .require();
    ProgressLine progress = new ProgressLine(settings.metrics().progressSeconds());
    String name =
        settings.registry().name().isBlank() ? settings.model().name() : settings.registry().name();
    try (LazySpark spark =
        LazySpark.of("bellows retrain " + name, settings, options.master(), DeviceUse.TRAINING)) {
      Configuration hadoop = spark.hadoop();
      RegisteredModel model = new ModelRegistry(hadoop, settings.registry().path()).model(name);
      LeaseTerms terms = LeaseTerms.refusing(Duration.ofSeconds(settings.retrain().leaseSeconds()));
      // Before the folder is read: a start that finds another one running must not write there.
      try (Lease lease = Lease.take(hadoop, model.lease(), terms)) {
        retrain(spark, settings, model, lease, progress);
      }
    }
    return 0;
  }

  private void retrain(
      LazySpark spark,
      Settings settings,
      RegisteredModel model,
      Lease lease,
      ProgressLine progress) {
    CommandRun job = new CommandRun(NAME);
    job.run(
        spark.hadoop(),
        settings.output().path(),
        folder -> {
          job.own(folder, Map.of("registry.path and name", model.folder().toString()));
          SparkRetrainSteps work =
              new SparkRetrainSteps(spark, settings, this::runSettings, folder, progress);
          DecisionHistory history = new DecisionHistory(spark.hadoop(), model.history());
          Retraining retraining =
              new Retraining(
                  model,
                  history,
                  RetrainSetup.of(settings, BuildVersion.text()),
                  work,
                  lease,
                  progress::say);
          RetrainResult result = retraining.run();
          progress.say(sentence(model, result));
          writeReport(folder, history, result);
          return metrics(model, result);
        });
  }

  /** The settings of one training: this command's, in a folder of its own. */
  private Settings runSettings(String output) {
    return options.settingsWith(null, List.of("output.path=" + output));
  }

  private static List<Problem> problems(Settings settings) {
    List<Problem> problems = new ArrayList<>();
    requireHeldOut(settings, problems);
    requireMetricOfNetwork(settings, problems);
    return problems;
  }

  /** Old and new are compared by a metric that both have. */
  private static void requireMetricOfNetwork(Settings settings, List<Problem> problems) {
    RetrainSettings.Metric metric = settings.retrain().metric();
    String name = settings.model().name();
    NetworkRegistry.standard().all().stream()
        .filter(network -> network.name().equals(name))
        .findFirst()
        .ifPresent(
            network -> {
              List<Metric> known =
                  network.isOfPixels()
                      ? Metrics.ofPixels()
                      : Stream.of(Metrics.ofSamples(), Metrics.ofLabels())
                          .flatMap(List::stream)
                          .toList();
              if (!known.contains(Metrics.of(metric))) {
                String allowed =
                    Arrays.stream(RetrainSettings.Metric.values())
                        .filter(other -> known.contains(Metrics.of(other)))
                        .map(other -> Metrics.of(other).name())
                        .collect(Collectors.joining(", "));
                problems.add(
                    new Problem(
                        "retrain.metric",
                        "is %s, but %s says a class of each %s; allowed: %s"
                            .formatted(
                                Metrics.of(metric).name(),
                                name,
                                network.isOfPixels() ? "pixel" : "sample",
                                allowed)));
              }
            });
  }

  /** Neither trained on nor selected on: else the comparison says nothing. */
  private static void requireHeldOut(Settings settings, List<Problem> problems) {
    TrainSettings train = settings.train();
    String split = settings.evaluate().split();
    if (split.equals(train.split())) {
      problems.add(
          new Problem(
              "evaluate.split",
              "is %s, which is train.split; old and new are compared on images that neither was trained on; name another split"
                  .formatted(split)));
    }
    if (train.evaluationDecides() && split.equals(train.validationSplit())) {
      problems.add(
          new Problem(
              "evaluate.split",
              "is %s, on which train.save = best or early stopping selects; old and new are compared on images that chose neither; name another split"
                  .formatted(split)));
    }
  }

  private static String sentence(RegisteredModel model, RetrainResult result) {
    return "%s: %s (%s); current is %s"
        .formatted(
            model.name(),
            result.outcome(),
            result.why(),
            result.current() == null ? "no version" : "version " + result.current());
  }

  private static void writeReport(RunFolder folder, DecisionHistory history, RetrainResult result) {
    if (result.decision() != null) {
      folder.write("decision.json", history.decisionJson(result.decision().decision()));
      folder.write(ReportWriter.NAME, history.report(result.decision().decision()));
    }
  }

  private static Map<String, Object> metrics(RegisteredModel model, RetrainResult result) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("outcome", result.outcome());
    metrics.put("why", result.why());
    metrics.put("name", model.name());
    metrics.put("current", result.current());
    Decision decision = result.decision();
    metrics.put("decision", decision == null ? null : decision.decision());
    metrics.put("version", decision == null ? null : decision.version());
    metrics.put("before", decision == null ? null : decision.baseline());
    metrics.put("new", decision == null ? null : scores(decision.score()));
    metrics.put("old", decision == null ? null : scores(decision.baselineScore()));
    return metrics;
  }

  private static Map<String, Object> scores(Score score) {
    if (score == null) {
      return null;
    }
    Map<String, Object> scores = new LinkedHashMap<>(score.metrics().byName());
    scores.put("answers-not-finite", score.notFinite());
    return scores;
  }
}
