// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.evaluate;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.bellows.conf.Device;
import org.bellows.conf.Settings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.driver.spark.BellowsFailures;
import org.bellows.driver.spark.MonitoredJob;
import org.bellows.driver.train.ClusterReadiness;
import org.bellows.worker.device.ProcessDevice;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.registry.StepEngines;
import org.bellows.worker.evaluate.EnsembleThreads;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.Evaluator;
import org.bellows.worker.evaluate.PartialEvaluation;
import org.bellows.worker.evaluate.SampleAnswers;
import org.bellows.worker.forecast.DeviceFit;
import org.bellows.worker.model.TrainedEnsemble;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.network.Ensemble;
import org.bellows.worker.parallel.LaneThreads;

/** One task an executor, each with its share of the split's batches. */
public final class EvaluationJob {
  private EvaluationJob() {}

  /**
   * The result of the job.
   *
   * @param ensemble the models that were asked
   * @param answers to each sample, in the order of the split; of none where the models do not say
   *     one class of each sample
   */
  public record EvaluationOutcome(
      TrainedEnsemble ensemble, Evaluation evaluation, SampleAnswers answers) {}

  private record Part(PartialEvaluation counts, SampleAnswers answers) implements Serializable {}

  /**
   * @param modelPaths models' or runs' folders that all executors can read; of several the answers
   *     are averaged
   * @param split name of a split of the dataset
   */
  public static Evaluation run(
      JavaSparkContext spark,
      Settings settings,
      DatasetManifest manifest,
      List<String> modelPaths,
      String split) {
    TrainedEnsemble ensemble = ensemble(spark, manifest, modelPaths, split);
    List<Part> parts =
        parts(
            spark,
            task(
                spark,
                settings,
                manifest,
                modelPaths,
                split,
                EngineRequest.named(StepEngines.USUAL),
                0,
                false));
    return evaluation(parts, settings, manifest, split, ensemble.card().classes());
  }

  /**
   * As {@link #run}, by {@code evaluate.step-engine}, and keeps the answer to each sample: 24 bytes
   * each on the driver.
   *
   * @param deviceBytes what an executor needs of the memory of its GPU, where it computes on one
   */
  public static EvaluationOutcome runWithAnswers(
      JavaSparkContext spark,
      Settings settings,
      DatasetManifest manifest,
      List<String> modelPaths,
      String split,
      long deviceBytes) {
    TrainedEnsemble ensemble = ensemble(spark, manifest, modelPaths, split);
    boolean withAnswers = !ensemble.isOfPixels() && !ensemble.isMultiLabel();
    List<Part> parts =
        parts(
            spark,
            task(
                spark,
                settings,
                manifest,
                modelPaths,
                split,
                EngineRequest.of(settings.evaluate()),
                deviceBytes,
                withAnswers));
    return new EvaluationOutcome(
        ensemble,
        evaluation(parts, settings, manifest, split, ensemble.card().classes()),
        withAnswers
            ? SampleAnswers.merge(manifest.split(split), parts.stream().map(Part::answers).toList())
            : new SampleAnswers());
  }

  /** Read here first: a missing model is said before any task starts. */
  private static TrainedEnsemble ensemble(
      JavaSparkContext spark, DatasetManifest manifest, List<String> modelPaths, String split) {
    TrainedEnsemble ensemble = TrainedEnsemble.read(spark.hadoopConfiguration(), modelPaths);
    ClassNames.requireSame(ensemble.card().classes(), manifest.classNames(ensemble.isOfPixels()));
    LabelThresholds.requireSameKind(ensemble, manifest);
    ResultLimit.require(spark.getConf(), manifest, split);
    return ensemble;
  }

  private static Task task(
      JavaSparkContext spark,
      Settings settings,
      DatasetManifest manifest,
      List<String> modelPaths,
      String split,
      EngineRequest engine,
      long deviceBytes,
      boolean withAnswers) {
    manifest.split(split);
    return new Task(
        new SerializableConfiguration(spark.hadoopConfiguration()),
        settings,
        manifest,
        modelPaths,
        split,
        engine,
        deviceBytes,
        withAnswers);
  }

  private static List<Part> parts(JavaSparkContext spark, Task task) {
    int workers = ClusterReadiness.await(spark, task.settings().cluster(), 1);
    return MonitoredJob.run(
        spark,
        task.settings().cluster(),
        () ->
            BellowsFailures.collect(
                spark
                    .parallelize(IntStream.range(0, workers).boxed().toList(), workers)
                    .map(worker -> BellowsFailures.capture(() -> task.part(worker, workers)))));
  }

  private static Evaluation evaluation(
      List<Part> parts,
      Settings settings,
      DatasetManifest manifest,
      String split,
      List<String> classes) {
    return PartialEvaluation.merge(
            manifest.split(split),
            classes,
            parts.stream().map(Part::counts).toList(),
            settings.evaluate().worstMistakes())
        .withClassesOf(manifest);
  }

  /** The data that every executor needs; each reads the models itself. */
  private record Task(
      SerializableConfiguration hadoop,
      Settings settings,
      DatasetManifest manifest,
      List<String> modelPaths,
      String split,
      EngineRequest engine,
      long deviceBytes,
      boolean withAnswers)
      implements Serializable {

    Part part(int worker, int workers) {
      NativeLibraries.load();
      TrainedEnsemble trained = TrainedEnsemble.read(hadoop.value(), modelPaths);
      if (engine.device() == Device.GPU) {
        DeviceFit.requireToEvaluate(ProcessDevice.take(), deviceBytes, trained.card().network());
      }
      Evaluator evaluator =
          Evaluator.of(
                  hadoop.value(),
                  settings.data(),
                  settings.evaluate(),
                  manifest,
                  split,
                  trained.inputSpec(settings.augment()))
              .refinedBy(settings.crf())
              .withThresholds(LabelThresholds.of(trained, settings.evaluate()));
      SampleAnswers answers = new SampleAnswers();
      try (LaneThreads threads = new LaneThreads(settings.cluster().lanesAtOnce());
          Ensemble ensemble = trained.open(engine)) {
        EnsembleThreads networks = EnsembleThreads.of(ensemble, threads);
        PartialEvaluation counts =
            withAnswers
                ? evaluator.evaluate(networks, worker, workers, answers::add)
                : evaluator.evaluate(networks, worker, workers);
        return new Part(counts, answers);
      }
    }
  }
}
