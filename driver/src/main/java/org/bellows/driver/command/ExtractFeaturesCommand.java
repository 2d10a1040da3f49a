// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.ProblemCollector;
import org.bellows.conf.Settings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.DatasetVerifier;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.manifest.Split;
import org.bellows.data.prepare.source.Sources;
import org.bellows.data.prepare.source.SplitRules;
import org.bellows.data.storage.DisjointPaths;
import org.bellows.driver.command.option.ConfigurationOptions;
import org.bellows.driver.command.option.OneOrigin;
import org.bellows.driver.features.ExtractJob;
import org.bellows.driver.job.BuildVersion;
import org.bellows.driver.job.CommandRun;
import org.bellows.driver.progress.ImageWatch;
import org.bellows.driver.progress.ProgressLine;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.spark.DeviceUse;
import org.bellows.driver.spark.LazySpark;
import org.bellows.driver.spark.MonitoredJob;
import org.bellows.driver.train.ClusterReadiness;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code extract-features}: images in, a layer's output of each in Parquet files out. */
@Command(
    name = "extract-features",
    mixinStandardHelpOptions = true,
    header = "Writes what a layer computes of each picture.",
    description = {
      "Writes the output of a layer (features.layer) of a trained model as ML vectors to "
          + "Parquet files in output.path/features.",
      "Needs model.path, output.path, and data.path (a prepared dataset) or source.path "
          + "(anything that prepare reads)."
    })
final class ExtractFeaturesCommand implements Callable<Integer> {
  static final String NAME = "extract-features";

  /** Progress of running tasks comes with the executors' heartbeats; Spark's default is 10 s. */
  private static final Map<String, String> HEARTBEAT =
      Map.of("spark.executor.heartbeatInterval", "2s");

  @Mixin private ConfigurationOptions options;

  @Override
  public Integer call() {
    Settings settings = options.settings(List.of("model.path", "output.path"), OneOrigin::problems);
    ProgressLine progress = new ProgressLine(settings.metrics().progressSeconds());
    try (LazySpark spark =
        LazySpark.of(
            "bellows extract-features",
            settings,
            options.master(),
            DeviceUse.INFERENCE,
            HEARTBEAT)) {
      run(spark, settings, progress);
    }
    return 0;
  }

  /** The folder of an earlier run's features is removed. */
  private static void requireApart(Configuration hadoop, Settings settings) {
    String output = settings.output().path();
    new DisjointPaths(hadoop)
        .apart("output.path", output, "data.path", settings.data().path())
        .apart("output.path", output, "source.path", settings.source().path())
        .notBelow("output.path", output, "model.path", settings.model().path())
        .require();
  }

  static Map<String, Object> run(LazySpark late, Settings settings, ProgressLine progress) {
    CommandRun job = new CommandRun(NAME);
    return job.run(
        late.hadoop(),
        settings.output().path(),
        () -> inputs(late.hadoop(), settings),
        (folder, inputs) -> {
          job.own(folder, Map.of());
          folder.write(
              "configuration.json", settings.effectiveJson().getBytes(StandardCharsets.UTF_8));
          JavaSparkContext spark = late.context();
          ClusterReadiness.await(spark, settings.cluster(), 1);
          ExtractJob extraction = new ExtractJob(spark, settings, BuildVersion.text(), inputs);
          return MonitoredJob.run(
              spark,
              settings.cluster(),
              () -> extract(extraction, new ImageWatch(spark, NAME, progress), progress, folder));
        });
  }

  /** Reads the model and checks the images' place; all problems are reported together. */
  private static ExtractJob.Inputs inputs(Configuration hadoop, Settings settings) {
    ProblemCollector problems = new ProblemCollector();
    problems.check(() -> requireApart(hadoop, settings));
    if (settings.data().path().isBlank()) {
      problems.of(
          () ->
              SplitRules.of(
                  Sources.find(hadoop, settings.source()), settings.source(), settings.prepare()));
    } else {
      problems.check(() -> verify(hadoop, settings));
    }
    Optional<ExtractJob.Inputs> inputs = problems.of(() -> ExtractJob.inputs(hadoop, settings));
    problems.requireNone();
    return inputs.orElseThrow();
  }

  private static void verify(Configuration hadoop, Settings settings) {
    String path = settings.data().path();
    DatasetManifest manifest = ManifestFile.read(hadoop, path);
    List<String> splits = manifest.splits().stream().map(Split::name).toList();
    DatasetVerifier.verify(hadoop, path, manifest, splits, settings.data().verify());
  }

  private static Map<String, Object> extract(
      ExtractJob job, ImageWatch watch, ProgressLine progress, RunFolder folder) {
    long start = System.nanoTime();
    ExtractJob.Summary summary = job.run(watch);
    double seconds = (System.nanoTime() - start) * 1e-9;
    progress.say(
        String.format(
            Locale.ROOT,
            "%s: %,d images, %,d refused, layer %s, %,d features each, %d files; %.1f s, %.0f"
                + " images/s",
            folder.file(ExtractJob.FOLDER),
            summary.images(),
            summary.refused(),
            summary.layer(),
            summary.length(),
            summary.files(),
            seconds,
            summary.images() / seconds));
    summary.firstRefused().forEach(refused -> progress.say("  refused: " + refused));
    Map<String, Long> passedOver = new TreeMap<>(summary.passedOver());
    passedOver.forEach(
        (kind, count) -> progress.say("  passed over, %s: %,d".formatted(kind, count)));
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("layer", summary.layer());
    metrics.put("images", summary.images());
    metrics.put("refused", summary.refused());
    metrics.put("passed-over-by-kind", passedOver);
    metrics.put("features", summary.length());
    metrics.put("files", summary.files());
    metrics.put("seconds", seconds);
    metrics.put("images-per-second", summary.images() / seconds);
    metrics.put("features-sha256", summary.sha256());
    return metrics;
  }
}
