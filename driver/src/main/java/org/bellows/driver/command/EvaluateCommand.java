// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.ProblemCollector;
import org.bellows.conf.Settings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.DatasetVerifier;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.storage.DisjointPaths;
import org.bellows.driver.command.option.ConfigurationOptions;
import org.bellows.driver.evaluate.AnswersFile;
import org.bellows.driver.evaluate.ClassNames;
import org.bellows.driver.evaluate.EvaluationJob;
import org.bellows.driver.evaluate.LabelResults;
import org.bellows.driver.evaluate.LabelThresholds;
import org.bellows.driver.evaluate.PixelResults;
import org.bellows.driver.job.CommandRun;
import org.bellows.driver.job.ReportWriter;
import org.bellows.driver.model.TrainedInference;
import org.bellows.driver.plan.EvaluationMemory;
import org.bellows.driver.progress.EvaluationText;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.spark.DeviceUse;
import org.bellows.driver.spark.ExecutorLimits;
import org.bellows.driver.spark.LazySpark;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.files.Json;
import org.bellows.worker.model.TrainedEnsemble;
import org.bellows.worker.model.TrainedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code evaluate}: every sample of a split exactly once. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    header = "Scores a trained model on one split of a dataset.",
    description = {
      "Prints figures of the split (evaluate.split), and writes a report (report.html) and the "
          + "answer to each sample (answers.jsonl).",
      "Needs model.path (a training run or its model folder), data.path and output.path; with "
          + "evaluate.ensemble the answers of several models are averaged."
    })
final class EvaluateCommand implements Callable<Integer> {
  @Mixin private ConfigurationOptions options;

  @Override
  public Integer call() {
    Settings settings = options.settings(List.of("model.path", "data.path", "output.path"));
    try (LazySpark spark =
        LazySpark.of("bellows evaluate", settings, options.master(), DeviceUse.INFERENCE)) {
      run(spark, settings);
    }
    return 0;
  }

  static Map<String, Object> run(LazySpark spark, Settings settings) {
    CommandRun job = new CommandRun("evaluate");
    return job.run(
        spark.hadoop(),
        settings.output().path(),
        () -> inputs(spark.hadoop(), settings, spark.limits()),
        (folder, inputs) -> {
          job.own(folder, Map.of());
          return evaluate(spark.context(), inputs, folder, job);
        });
  }

  /**
   * @param deviceBytes what an executor needs of the memory of its GPU; 0: it has none
   */
  private record Inputs(DatasetManifest manifest, TrainedInference shown, long deviceBytes) {}

  /** A training that continues there replaces a model's folder as a whole. */
  private static void requireApart(Configuration hadoop, Settings settings) {
    DisjointPaths apart = new DisjointPaths(hadoop);
    for (String model : settings.modelPaths()) {
      apart.notInside(
          "output.path", settings.output().path(), "a model", model + "/" + TrainedModel.FOLDER);
    }
    apart.require();
  }

  /** Reads and checks dataset and models; all problems are reported together. */
  private static Inputs inputs(Configuration hadoop, Settings settings, ExecutorLimits limits) {
    String split = settings.evaluate().split();
    String path = settings.data().path();
    ProblemCollector problems = new ProblemCollector();
    Map<String, Long> device = new LinkedHashMap<>();
    problems.check(() -> requireApart(hadoop, settings));
    Optional<DatasetManifest> manifest = problems.of(() -> ManifestFile.read(hadoop, path));
    Optional<TrainedEnsemble> models =
        problems.of(() -> TrainedEnsemble.read(hadoop, settings.modelPaths()));
    Optional<TrainedInference> shown =
        models.flatMap(known -> problems.of(() -> TrainedInference.of(known, settings)));
    manifest.ifPresent(
        known -> {
          if (problems.of(() -> known.split(split)).isPresent()) {
            problems.check(
                () ->
                    DatasetVerifier.verify(
                        hadoop, path, known, List.of(split), settings.data().verify()));
            shown
                .filter(any -> models.orElseThrow().isOfPixels())
                .ifPresent(
                    asked ->
                        problems
                            .of(
                                () ->
                                    EvaluationMemory.requireFit(
                                        hadoop,
                                        asked.settings(),
                                        models.orElseThrow(),
                                        known,
                                        limits))
                            .ifPresent(device::putAll));
          }
          models.ifPresent(
              ensemble -> {
                problems.check(() -> LabelThresholds.requireSameKind(ensemble, known));
                problems.of(() -> LabelThresholds.of(ensemble, settings.evaluate()));
              });
          models.ifPresent(
              ensemble ->
                  problems.check(
                      () ->
                          ClassNames.requireSame(
                              ensemble.card().classes(), known.classNames(ensemble.isOfPixels()))));
        });
    shown
        .filter(any -> !models.orElseThrow().isOfPixels())
        .flatMap(
            asked ->
                problems.of(
                    () -> EvaluationMemory.ofWholePictures(asked.settings(), models.orElseThrow())))
        .ifPresent(device::putAll);
    problems.requireNone();
    if (!device.isEmpty()) {
      System.out.println(EvaluationMemory.text(device));
    }
    long deviceBytes = device.values().stream().mapToLong(Long::longValue).sum();
    return new Inputs(manifest.orElseThrow(), shown.orElseThrow(), deviceBytes);
  }

  private static Map<String, Object> evaluate(
      JavaSparkContext spark, Inputs inputs, RunFolder folder, CommandRun job) {
    Settings settings = inputs.shown().settings();
    DatasetManifest manifest = inputs.manifest();
    String split = settings.evaluate().split();
    List<String> models = settings.modelPaths();
    EvaluationJob.EvaluationOutcome outcome =
        EvaluationJob.runWithAnswers(
            spark, settings, manifest, models, split, inputs.deviceBytes());
    Evaluation evaluation = outcome.evaluation();
    folder.write("evaluation.json", Json.pretty(evaluation));
    boolean isOfPixels = outcome.ensemble().isOfPixels();
    boolean hasAnswers = outcome.answers().size() > 0;
    if (hasAnswers) {
      AnswersFile.write(
          spark.hadoopConfiguration(),
          folder,
          settings.data().path(),
          manifest,
          split,
          outcome.answers());
    }
    EvaluationReport.write(folder, settings, outcome, job.stamp());
    System.out.printf(
        Locale.ROOT,
        "%s: %,d images  %s%s%n",
        split,
        evaluation.samples(),
        EvaluationText.text(evaluation),
        models.size() == 1 ? "" : "  (%d models)".formatted(models.size()));
    PixelResults.text(evaluation).ifPresent(System.out::println);
    LabelResults.text(evaluation).ifPresent(System.out::println);
    if (isOfPixels) {
      System.out.println(inputs.shown().text());
    }
    System.out.printf(
        "%sreport in %s%n",
        hasAnswers ? "each answer in %s, ".formatted(folder.file(AnswersFile.NAME)) : "",
        folder.file(ReportWriter.NAME));
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("split", split);
    metrics.put("models", models.size());
    metrics.put("step-engine", settings.evaluate().stepEngine());
    metrics.put("precision", settings.evaluate().precision().name().toLowerCase(Locale.ROOT));
    metrics.put("samples", evaluation.samples());
    metrics.putAll(evaluation.metrics().byName());
    metrics.put("answers-not-finite", evaluation.notFinite());
    if (evaluation.calibration() != null) {
      metrics.put(
          "expected-calibration-error", evaluation.calibration().expectedCalibrationError());
    }
    if (isOfPixels) {
      metrics.put("inference", settings.evaluate().ofPixels().toString());
    }
    metrics.putAll(PixelResults.byKey(evaluation));
    metrics.putAll(LabelResults.byKey(evaluation));
    return metrics;
  }
}
