package org.bellows.driver.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.Settings;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.prepare.PrepareJob;
import org.bellows.data.prepare.PrepareSummary;
import org.bellows.data.prepare.RefusedFile;
import org.bellows.driver.progress.Progress;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.spark.SparkContexts;
import org.bellows.driver.train.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code prepare}: raw images in, a dataset out. */
@Command(
    name = "prepare",
    mixinStandardHelpOptions = true,
    description = {
      "Turns an ImageNet-style tree (split/class/*.jpg) or IDX files into a dataset of Parquet shards.",
      "Needs source.path and data.path. result.json goes to output.path, else to data.path."
    })
final class PrepareCommand implements Callable<Integer> {
  @Mixin private ConfigurationOptions options;

  @Override
  public Integer call() {
    Settings settings = options.settings(List.of("source.path", "data.path"));
    Progress progress = new Progress(settings.metrics().progressSeconds());
    try (JavaSparkContext spark =
        SparkContexts.open("bellows prepare", settings, options.master())) {
      run(spark, settings, progress);
    }
    return 0;
  }

  static Map<String, Object> run(JavaSparkContext spark, Settings settings, Progress progress) {
    Job job = new Job("prepare");
    if (settings.output().path().isBlank()) {
      Map<String, Object> metrics = prepare(spark, settings, progress);
      job.writeSuccess(RunFolder.of(spark.hadoopConfiguration(), settings.data().path()), metrics);
      return metrics;
    }
    return job.run(
        spark.hadoopConfiguration(),
        settings.output().path(),
        folder -> {
          job.own(folder, Map.of());
          return prepare(spark, settings, progress);
        });
  }

  private static Map<String, Object> prepare(
      JavaSparkContext spark, Settings settings, Progress progress) {
    Executors.await(spark, settings.cluster(), 1);
    long start = System.nanoTime();
    PrepareSummary summary =
        PrepareJob.run(
            spark,
            settings,
            (done, total) -> progress.show(line(done, total, (System.nanoTime() - start) * 1e-9)));
    tell(summary, settings, progress);
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("images", summary.images());
    metrics.put("classes", summary.classes().size());
    metrics.put("bytes", summary.bytes());
    metrics.put("shards", summary.shards());
    metrics.put("refused", summary.manifest().provenance().refused());
    metrics.put("already-prepared", summary.alreadyPrepared());
    metrics.put("dataset-sha256", ManifestFile.sha256(summary.manifest()));
    metrics.put("seconds", summary.seconds());
    return metrics;
  }

  private static String line(long done, long total, double seconds) {
    double rate = done / Math.max(seconds, 1e-9);
    return String.format(
        Locale.ROOT,
        "prepare  %,d/%,d images  %.0f images/s  left %s",
        done,
        total,
        rate,
        done == 0 ? "?" : Progress.clock((total - done) / rate));
  }

  private static void tell(PrepareSummary summary, Settings settings, Progress progress) {
    if (summary.alreadyPrepared()) {
      progress.say(settings.data().path() + " was prepared from this source before; nothing to do");
    }
    progress.say(
        String.format(
            Locale.ROOT,
            "%s: %,d images, %d classes, %.1f MB in %d shards, %,d refused (%.1f s)",
            settings.data().path(),
            summary.images(),
            summary.classes().size(),
            summary.bytes() / 1e6,
            summary.shards(),
            summary.manifest().provenance().refused(),
            summary.seconds()));
    Map<String, Integer> kinds = new TreeMap<>();
    for (RefusedFile file : summary.refused()) {
      kinds.merge(file.kind(), 1, Integer::sum);
    }
    kinds.forEach((kind, count) -> progress.say("  refused, %s: %,d".formatted(kind, count)));
    summary
        .manifest()
        .splits()
        .forEach(
            split -> progress.say("  %-12s %,9d images".formatted(split.name(), split.samples())));
  }
}
