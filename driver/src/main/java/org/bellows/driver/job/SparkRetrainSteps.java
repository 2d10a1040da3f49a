// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ProblemCollector;
import org.bellows.conf.Settings;
import org.bellows.conf.TrainSettings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.DatasetVerifier;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.driver.evaluate.EvaluationJob;
import org.bellows.driver.progress.ProgressLine;
import org.bellows.driver.retrain.RetrainSteps;
import org.bellows.driver.retrain.WarmStart;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.spark.LazySpark;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.model.TrainedModel;

/** Trains and evaluates as {@code train} and {@code evaluate} do, below {@code output.path}. */
public final class SparkRetrainSteps implements RetrainSteps {
  private static final String RUNS = "runs";
  private static final String CONFIGURATION = "configuration.json";

  private final LazySpark spark;
  private final Configuration hadoop;
  private final Settings settings;
  private final Function<String, Settings> runSettings;
  private final RunFolder folder;
  private final ProgressLine progress;

  /**
   * @param runSettings from {@code output.path} to the settings of a training
   */
  public SparkRetrainSteps(
      LazySpark spark,
      Settings settings,
      Function<String, Settings> runSettings,
      RunFolder folder,
      ProgressLine progress) {
    this.spark = spark;
    this.hadoop = spark.hadoop();
    this.settings = settings;
    this.runSettings = runSettings;
    this.folder = folder;
    this.progress = progress;
  }

  @Override
  public DatasetManifest dataset() {
    DatasetManifest manifest = ManifestFile.read(hadoop, settings.data().path());
    TrainSettings train = settings.train();
    ProblemCollector problems = new ProblemCollector();
    Stream.of(settings.evaluate().split(), train.split(), train.validationSplit())
        .filter(split -> !split.isBlank())
        .distinct()
        .forEach(split -> problems.of(() -> manifest.split(split)));
    problems.requireNone();
    return manifest;
  }

  @Override
  public Trained train(int decision, Optional<Path> start) {
    Settings run = runSettings.apply(folder.file(RUNS + "/" + decision).toString());
    String path = run.output().path();
    RunFolder runFolder = RunFolder.of(hadoop, path);
    if (!isDone(runFolder)) {
      new TrainJob(spark, run, progress)
          .run(plan -> start.ifPresent(model -> WarmStart.place(hadoop, plan, model.toString())));
    }
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name : List.of(CONFIGURATION, ReportWriter.NAME)) {
      files.put(
          name,
          runFolder
              .readIfThere(name)
              .orElseThrow(() -> BellowsException.data("there is no " + runFolder.file(name))));
    }
    return new Trained(path, TrainedModel.read(hadoop, path), metrics(runFolder), files);
  }

  private static boolean isDone(RunFolder run) {
    return run.metricsOfSuccess().isPresent();
  }

  private static Map<String, Object> metrics(RunFolder run) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    run.metricsOfSuccess()
        .orElseThrow()
        .forEach((key, value) -> metrics.put(String.valueOf(key), value));
    return metrics;
  }

  @Override
  public Evaluation evaluate(String modelPath) {
    DatasetManifest manifest = dataset();
    String split = settings.evaluate().split();
    DatasetVerifier.verify(
        hadoop, settings.data().path(), manifest, List.of(split), settings.data().verify());
    return EvaluationJob.run(spark.context(), settings, manifest, List.of(modelPath), split);
  }

  @Override
  public void forgetBefore(int decision) {
    for (String run : folder.list(RUNS)) {
      String number = run.substring(RUNS.length() + 1);
      if (number.matches("\\d{1,9}") && Integer.parseInt(number) < decision) {
        folder.delete(run);
      }
    }
  }
}
