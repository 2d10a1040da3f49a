// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.predict;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.ProblemCollector;
import org.bellows.conf.Settings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.DatasetVerifier;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.storage.DisjointPaths;
import org.bellows.data.storage.Storage;
import org.bellows.driver.command.option.ConfigurationOptions;
import org.bellows.driver.command.option.OneOrigin;
import org.bellows.driver.job.CommandRun;
import org.bellows.driver.model.TrainedInference;
import org.bellows.driver.predict.ImagePrediction;
import org.bellows.driver.predict.PicturePart;
import org.bellows.driver.predict.PixelPrediction;
import org.bellows.driver.predict.PredictJob;
import org.bellows.driver.predict.PredictModel;
import org.bellows.driver.predict.Prediction;
import org.bellows.driver.progress.ImageWatch;
import org.bellows.driver.progress.ProgressLine;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.spark.DeviceUse;
import org.bellows.driver.spark.LazySpark;
import org.bellows.driver.spark.MonitoredJob;
import org.bellows.driver.train.ClusterReadiness;
import org.bellows.worker.model.TrainedEnsemble;

/** Answers to the pictures of a dataset or a source, as a Spark job. */
final class JobPredictions {
  /** Progress of running tasks comes with the executors' heartbeats; Spark's default is 10 s. */
  private static final Map<String, String> HEARTBEAT =
      Map.of("spark.executor.heartbeatInterval", "2s");

  private JobPredictions() {}

  /**
   * @param dataset empty where {@code source.path} is read
   */
  private record Inputs(Prediction prediction, Optional<DatasetManifest> dataset) {}

  /**
   * @throws org.bellows.driver.job.PartialFailureException when a picture was refused
   */
  static void run(ConfigurationOptions options) {
    Settings settings =
        options.settings(
            List.of("model.path", "output.path"),
            s -> OneOrigin.problems(s, ", and no IMAGE is named"));
    ProgressLine progress = new ProgressLine(settings.metrics().progressSeconds());
    try (LazySpark spark =
        LazySpark.of(
            "bellows predict", settings, options.master(), DeviceUse.INFERENCE, HEARTBEAT)) {
      run(spark, settings, progress);
    }
  }

  static Map<String, Object> run(LazySpark late, Settings settings, ProgressLine progress) {
    CommandRun job = new CommandRun(PredictCommand.NAME);
    return job.run(
        late.hadoop(),
        settings.output().path(),
        () -> inputs(late.hadoop(), settings),
        (folder, inputs) -> {
          job.own(folder, Map.of());
          folder.write(
              "configuration.json",
              inputs.prediction().settings().effectiveJson().getBytes(StandardCharsets.UTF_8));
          JavaSparkContext spark = late.context();
          ClusterReadiness.await(spark, settings.cluster(), 1);
          ImageWatch watch = new ImageWatch(spark, PredictCommand.NAME, progress);
          return MonitoredJob.run(
              spark, settings.cluster(), () -> predict(spark, inputs, watch, progress, folder));
        });
  }

  /** Reads the models and checks the pictures' place; all problems are reported together. */
  private static Inputs inputs(Configuration hadoop, Settings settings) {
    ProblemCollector problems = new ProblemCollector();
    problems.check(() -> requireApart(hadoop, settings));
    Optional<Prediction> prediction = problems.of(() -> prediction(hadoop, settings));
    Optional<DatasetManifest> dataset =
        settings.data().path().isBlank()
            ? Optional.empty()
            : problems.of(() -> dataset(hadoop, settings));
    problems.requireNone();
    return new Inputs(prediction.orElseThrow(), dataset);
  }

  private static Prediction prediction(Configuration hadoop, Settings settings) {
    List<String> paths =
        settings.modelPaths().stream().map(path -> Storage.qualify(path).toString()).toList();
    TrainedEnsemble trained = TrainedEnsemble.read(hadoop, paths);
    return trained.isOfPixels()
        ? new PixelPrediction(PredictModel.of(hadoop, paths, trained, settings))
        : ImagePrediction.of(hadoop, paths, trained, settings);
  }

  /** What an earlier run wrote is removed. */
  private static void requireApart(Configuration hadoop, Settings settings) {
    String output = settings.output().path();
    DisjointPaths apart =
        new DisjointPaths(hadoop)
            .apart("output.path", output, "data.path", settings.data().path())
            .apart("output.path", output, "source.path", settings.source().path());
    settings.modelPaths().forEach(model -> apart.notBelow("output.path", output, "a model", model));
    apart.require();
  }

  private static DatasetManifest dataset(Configuration hadoop, Settings settings) {
    String path = settings.data().path();
    String split = settings.evaluate().split();
    DatasetManifest manifest = ManifestFile.read(hadoop, path);
    manifest.split(split);
    DatasetVerifier.verify(hadoop, path, manifest, List.of(split), settings.data().verify());
    return manifest;
  }

  private static Map<String, Object> predict(
      JavaSparkContext spark,
      Inputs inputs,
      ImageWatch watch,
      ProgressLine progress,
      RunFolder folder) {
    Settings settings = inputs.prediction().settings();
    if (inputs.prediction() instanceof PixelPrediction pixels) {
      progress.say(pixels.model().shown().text());
    }
    long start = System.nanoTime();
    PredictJob job = new PredictJob(spark, settings, inputs.prediction(), watch);
    PredictJob.Outcome outcome =
        inputs.dataset().isPresent() ? job.ofDataset(inputs.dataset().get()) : job.ofSource();
    double seconds = (System.nanoTime() - start) * 1e-9;
    PicturePart pictures = outcome.pictures();
    progress.say(
        String.format(
            Locale.ROOT,
            "%s: %,d images predicted, %,d refused; %.1f s, %.1f images/s",
            folder.path(),
            pictures.predicted(),
            pictures.refused(),
            seconds,
            pictures.predicted() / seconds));
    Map<String, Long> passedOver = new TreeMap<>(outcome.passedOver());
    passedOver.forEach(
        (kind, count) -> progress.say("  passed over, %s: %,d".formatted(kind, count)));
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("models", settings.modelPaths().size());
    metrics.putAll(
        inputs.prediction() instanceof PixelPrediction pixels
            ? metrics(pixels.model().shown(), pictures)
            : metricsOfClasses(pictures));
    metrics.put("refused", pictures.firstRefused());
    metrics.put("passed-over-by-kind", passedOver);
    metrics.put("seconds", seconds);
    metrics.put("images-per-second", pictures.predicted() / seconds);
    List<String> reasons =
        pictures.firstRefused().entrySet().stream()
            .map(refused -> "image " + refused.getKey() + " " + refused.getValue())
            .toList();
    RefusedPictures.requireNone(
        reasons, pictures.refused(), pictures.refused() + pictures.predicted(), metrics);
    return metrics;
  }

  private static Map<String, Object> metricsOfClasses(PicturePart pictures) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("images", pictures.predicted());
    metrics.put("images-refused", pictures.refused());
    metrics.put("answers", pictures.answers());
    metrics.put("answers-not-finite", pictures.notFinite());
    metrics.put("predictions-sha256", pictures.sha256());
    return metrics;
  }

  /** Of pixels: what a job and named pictures have in common. */
  static Map<String, Object> metrics(TrainedInference shown, PicturePart pictures) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("inference", shown.settings().evaluate().ofPixels().toString());
    metrics.put("images", pictures.predicted());
    metrics.put("images-refused", pictures.refused());
    metrics.put("pixels", pictures.answers());
    metrics.put("pixels-not-finite", pictures.notFinite());
    metrics.put("labels-sha256", pictures.sha256());
    return metrics;
  }
}
