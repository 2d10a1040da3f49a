// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bellows.conf.Problem;
import org.bellows.conf.ProblemCollector;
import org.bellows.conf.Settings;
import org.bellows.conf.SourceSettings;
import org.bellows.conf.SourceSettings.Format;
import org.bellows.conf.part.PrepareSettings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.prepare.PrepareJob;
import org.bellows.data.prepare.PrepareSummary;
import org.bellows.data.shard.MaskCounts;
import org.bellows.data.storage.DisjointPaths;
import org.bellows.data.storage.Storage;
import org.bellows.driver.command.option.ConfigurationOptions;
import org.bellows.driver.frame.FrameSource;
import org.bellows.driver.job.CommandRun;
import org.bellows.driver.progress.PrepareProgress;
import org.bellows.driver.progress.ProgressLine;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.spark.DeviceUse;
import org.bellows.driver.spark.LazySpark;
import org.bellows.driver.spark.MonitoredJob;
import org.bellows.driver.train.ClusterReadiness;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code prepare}: raw images in, a dataset out. */
@Command(
    name = "prepare",
    mixinStandardHelpOptions = true,
    header = "Makes a dataset of Parquet shards from pictures.",
    description = {
      "Reads a tree (split/class/*.jpg), ILSVRC2012 archives, a CSV or JSON-lines manifest, IDX or"
          + " CIFAR files, a Parquet or sequence file table, or pictures with masks (train and"
          + " trainannot, images and masks, PASCAL VOC's lists).",
      "Needs source.path and data.path. result.json goes to output.path, else to data.path.",
      "After an interruption the same command resumes from the shards that are finished."
    })
final class PrepareCommand implements Callable<Integer> {
  /** Progress of running tasks comes with the executors' heartbeats; Spark's default is 10 s. */
  private static final Map<String, String> HEARTBEAT =
      Map.of("spark.executor.heartbeatInterval", "2s");

  private static final double MEGABYTE = 1e6;

  /** Limit for passed-over entries on the screen. */
  private static final int MOST_KINDS = 12;

  @Mixin private ConfigurationOptions options;

  @Override
  public Integer call() {
    Settings settings = options.settings(List.of("data.path"), PrepareCommand::missing);
    ProgressLine progress = new ProgressLine(settings.metrics().progressSeconds());
    try (LazySpark spark =
        LazySpark.of("bellows prepare", settings, options.master(), DeviceUse.NONE, HEARTBEAT)) {
      run(spark, settings, progress);
    }
    return 0;
  }

  /** Of what Spark reads, options may say where it is. */
  private static List<Problem> missing(Settings settings) {
    boolean isMissing =
        settings.source().path().isBlank() && settings.source().format() != Format.SPARK;
    return isMissing
        ? List.of(new Problem("source.path", "is not set; give it with --set source.path=..."))
        : List.of();
  }

  private static void requireApart(Configuration hadoop, Settings settings) {
    String source = settings.source().path();
    String data = settings.data().path();
    String output = isBesideTheData(settings) ? "" : settings.output().path();
    if (source.isBlank()) {
      new DisjointPaths(hadoop).notInside("output.path", output, "data.path", data).require();
      return;
    }
    new DisjointPaths(hadoop)
        .apart("data.path", data, "source.path", source)
        .notInside("output.path", output, "source.path", source)
        .notInside("output.path", output, "data.path", data)
        .require();
  }

  private static boolean isBesideTheData(Settings settings) {
    String output = settings.output().path();
    return output.isBlank()
        || Storage.qualify(output).equals(Storage.qualify(settings.data().path()));
  }

  static Map<String, Object> run(LazySpark spark, Settings settings, ProgressLine progress) {
    CommandRun job = new CommandRun("prepare");
    Configuration hadoop = spark.hadoop();
    if (isBesideTheData(settings)) {
      return besideTheData(job, spark, settings, progress);
    }
    return job.run(
        hadoop,
        settings.output().path(),
        () -> checked(hadoop, settings),
        (folder, ignored) -> {
          job.own(folder, Map.of());
          return prepare(spark.context(), settings, progress);
        });
  }

  private static Settings checked(Configuration hadoop, Settings settings) {
    ProblemCollector problems = new ProblemCollector();
    problems.check(() -> requireApart(hadoop, settings));
    problems.check(() -> PrepareJob.check(hadoop, PrepareSettings.of(settings)));
    problems.requireNone();
    return settings;
  }

  /** result.json goes to data.path, a failed one only where it harms nothing that is there. */
  private static Map<String, Object> besideTheData(
      CommandRun job, LazySpark spark, Settings settings, ProgressLine progress) {
    Configuration hadoop = spark.hadoop();
    String dataPath = settings.data().path();
    try {
      checked(hadoop, settings);
      Map<String, Object> metrics = prepare(spark.context(), settings, progress);
      job.writeSuccess(RunFolder.of(hadoop, dataPath), metrics);
      return metrics;
    } catch (RuntimeException | Error e) {
      if (CommandRun.isResult(e) && mayWriteFailure(hadoop, dataPath, e)) {
        job.writeFailure(RunFolder.of(hadoop, dataPath), e);
      }
      throw e;
    }
  }

  private static boolean mayWriteFailure(Configuration hadoop, String dataPath, Throwable failure) {
    try {
      return PrepareJob.mayWriteFailure(hadoop, dataPath);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  private static Map<String, Object> prepare(
      JavaSparkContext spark, Settings settings, ProgressLine progress) {
    ClusterReadiness.await(spark, settings.cluster(), 1);
    progress.show("prepare  listing " + FrameSource.place(settings.source()));
    PrepareSummary summary =
        MonitoredJob.run(
            spark,
            settings.cluster(),
            () -> prepared(spark, settings, new PrepareProgress(progress)));
    tell(summary, settings, progress);
    long masks =
        MaskCounts.of(spark.hadoopConfiguration(), settings.data().path(), summary.manifest());
    if (masks > 0) {
      progress.say("  label maps: %,d of %,d images have one".formatted(masks, summary.images()));
    }
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("images", summary.images());
    metrics.put("masks", masks);
    metrics.put("classes", summary.classes().size());
    metrics.put("pixel-classes", summary.manifest().pixelClasses().size());
    metrics.put("bytes", summary.bytes());
    metrics.put("shards", summary.shards());
    metrics.put("reused-shards", summary.reusedShards());
    metrics.put("refused", summary.manifest().provenance().refused());
    metrics.put("refused-by-kind", new TreeMap<>(summary.refused()));
    metrics.put("passed-over", summary.passedOverEntries());
    metrics.put("passed-over-by-kind", new TreeMap<>(summary.passedOver()));
    metrics.put("found", summary.found());
    metrics.put("already-prepared", summary.alreadyPrepared());
    metrics.put("dataset-sha256", ManifestFile.sha256(summary.manifest()));
    metrics.put("seconds", summary.seconds());
    metrics.put("images-per-second", summary.imagesPerSecond());
    metrics.put("megabytes-per-second", summary.megabytesPerSecond());
    return metrics;
  }

  private static PrepareSummary prepared(
      JavaSparkContext spark, Settings settings, PrepareProgress progress) {
    PrepareSettings asked = PrepareSettings.of(settings);
    SourceSettings source = settings.source();
    if (source.format() != Format.SPARK) {
      return PrepareJob.run(spark, asked, progress);
    }
    Dataset<Row> rows = FrameSource.read(SparkSession.builder().getOrCreate(), source);
    return PrepareJob.run(
        spark,
        asked,
        FrameSource.items(rows, source, settings.prepare(), FrameSource.place(source)),
        progress);
  }

  /** Such as "10 classes", "11 classes of pixels" or both. */
  private static String classes(DatasetManifest manifest) {
    String ofSamples = "%d classes".formatted(manifest.classes().size());
    String ofPixels = "%d classes of pixels".formatted(manifest.pixelClasses().size());
    if (!manifest.hasPixelClasses()) {
      return ofSamples;
    }
    return manifest.classes().isEmpty() ? ofPixels : ofSamples + ", " + ofPixels;
  }

  private static void tell(PrepareSummary summary, Settings settings, ProgressLine progress) {
    String dataPath = settings.data().path();
    if (summary.alreadyPrepared()) {
      progress.say(dataPath + " was prepared from this source before; nothing to do");
    }
    progress.say(
        String.format(
            Locale.ROOT,
            "%s: %,d images, %s, %.1f MB in %d shards, %,d refused",
            dataPath,
            summary.images(),
            classes(summary.manifest()),
            summary.bytes() / MEGABYTE,
            summary.shards(),
            summary.manifest().provenance().refused()));
    if (!summary.alreadyPrepared()) {
      progress.say(
          String.format(
              Locale.ROOT,
              "  %.1f s, %,.0f images/s, %.1f MB/s",
              summary.seconds(),
              summary.imagesPerSecond(),
              summary.megabytesPerSecond()));
    }
    if (summary.reusedShards() > 0) {
      progress.say(
          "  %d of the shards were finished by an earlier run".formatted(summary.reusedShards()));
    }
    new TreeMap<>(summary.refused())
        .forEach((kind, count) -> progress.say("  refused, %s: %,d".formatted(kind, count)));
    if (summary.manifest().provenance().refused() > 0) {
      progress.say("  what was refused, and why: " + summary.quarantine());
    }
    tellPassedOver(summary, progress);
    summary
        .manifest()
        .splits()
        .forEach(
            split -> progress.say("  %-12s %,9d images".formatted(split.name(), split.samples())));
  }

  /** Of many kinds, those with the most entries; the list and result.json have them all. */
  private static void tellPassedOver(PrepareSummary summary, ProgressLine progress) {
    if (summary.passedOver().isEmpty()) {
      return;
    }
    progress.say(
        String.format(
            Locale.ROOT,
            "  of %,d entries found, %,d were read, %,d refused, %,d passed over",
            summary.found(),
            summary.images(),
            summary.manifest().provenance().refused(),
            summary.passedOverEntries()));
    summary.passedOver().entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(MOST_KINDS)
        .forEach(
            kind ->
                progress.say("  passed over, %s: %,d".formatted(kind.getKey(), kind.getValue())));
    if (summary.passedOver().size() > MOST_KINDS) {
      int others = summary.passedOver().size() - MOST_KINDS;
      progress.say("  passed over, of %,d more kinds".formatted(others));
    }
    if (!summary.alreadyPrepared()) {
      progress.say("  what was passed over: " + summary.passedOverList());
    }
  }
}
