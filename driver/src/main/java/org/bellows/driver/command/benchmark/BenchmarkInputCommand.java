// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.Settings;
import org.bellows.data.batch.InputSpec;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.manifest.Split;
import org.bellows.data.shard.BlockCache;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.EncodedSample;
import org.bellows.driver.benchmark.BenchmarkSamples;
import org.bellows.driver.benchmark.DecodeBenchmark;
import org.bellows.driver.benchmark.PipelineBenchmark;
import org.bellows.driver.command.option.ConfigurationOptions;
import org.bellows.driver.job.CommandRun;
import org.bellows.driver.spark.SiteConfiguration;
import org.bellows.worker.files.Json;
import org.bellows.worker.natives.NativeLibraries;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code benchmark input}: how fast pictures become batches. */
@Command(
    name = "input",
    mixinStandardHelpOptions = true,
    header = "Measures decoding, augmentation and reading.",
    description = {
      "Decoding and augmentation, as set by augment.* and model.*, beside OpenCV's bare "
          + "imdecode of the same files, and reading a prepared dataset through the whole pipeline. "
          + "Without Spark.",
      "Needs data.path (its train.split is read) or --images."
    })
final class BenchmarkInputCommand implements Callable<Integer> {
  static final String FILE = "benchmark-input.json";

  @Mixin private ConfigurationOptions options;

  @Option(
      names = "--images",
      paramLabel = "FOLDER",
      description = "Local folder of JPEG or PNG files.")
  private Path images;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "300",
      description = "Pictures that are decoded (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Rounds that medians are taken of (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads that decode at once (default: ${DEFAULT-VALUE}).")
  private int threads;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    if (rounds < 1 || threads < 1 || limit < 1) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--rounds, --threads and --limit must be at least 1");
    }
    Settings settings = options.settings(images == null ? List.of("data.path") : List.of());
    Configuration hadoop = SiteConfiguration.read();
    if (settings.output().path().isBlank()) {
      measure(hadoop, settings);
      return 0;
    }
    CommandRun job = new CommandRun("benchmark");
    job.run(
        hadoop,
        settings.output().path(),
        folder -> {
          job.own(folder, Map.of());
          Map<String, Object> metrics = measure(hadoop, settings);
          folder.write(FILE, Json.pretty(metrics));
          return metrics;
        });
    return 0;
  }

  private Map<String, Object> measure(Configuration hadoop, Settings settings) {
    NativeLibraries.load();
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("threads", threads);
    metrics.put("rounds", rounds);
    metrics.put("processors", Runtime.getRuntime().availableProcessors());
    if (images != null) {
      List<EncodedSample> samples = BenchmarkSamples.ofFolder(images, limit);
      decode(samples, input(settings, plainStatistics(samples)), metrics);
      return metrics;
    }
    try (BlockCache cache = BlockCache.of(settings.data())) {
      String path = settings.data().path();
      DatasetReader dataset =
          new DatasetReader(
              hadoop, path, ManifestFile.read(hadoop, path), settings.train().split(), cache);
      InputSpec input = input(settings, dataset.split());
      decode(BenchmarkSamples.ofDataset(dataset, limit), input, metrics);
      PipelineBenchmark.Row row = new PipelineBenchmark(dataset, settings, input).run(rounds);
      metrics.put("pipeline", row);
      System.out.printf(
          Locale.ROOT,
          "pipeline, %d decode threads: %,d images an epoch, %.0f images/s, %.1f MB/s, first batch"
              + " after %.2f s, waiting %.0f %% of the time%n",
          settings.data().decodeThreads(),
          row.images(),
          row.imagesPerSecond(),
          row.megabytesPerSecond(),
          row.firstBatchSeconds(),
          100 * row.waitShare());
    }
    return metrics;
  }

  private void decode(List<EncodedSample> samples, InputSpec input, Map<String, Object> metrics) {
    List<DecodeBenchmark.Row> rows = new DecodeBenchmark(input, rounds, threads).run(samples);
    metrics.put("decode", new ArrayList<>(rows));
    System.out.printf(
        Locale.ROOT,
        "%-13s %7s %15s %18s %8s %7s %10s%n",
        "decoded in",
        "images",
        "imdecode img/s",
        "with augment img/s",
        "MB/s",
        "ratio",
        "CPU ratio");
    for (DecodeBenchmark.Row row : rows) {
      System.out.printf(
          Locale.ROOT,
          "%-13s %7d %15.0f %18.0f %8.1f %7.3f %10.3f%n",
          row.pictures(),
          row.images(),
          row.bareImagesPerSecond(),
          row.imagesPerSecond(),
          row.megabytesPerSecond(),
          row.ratio(),
          row.cpuRatio());
    }
  }

  private static InputSpec input(Settings settings, Split statistics) {
    return InputSpec.of(settings.augment(), settings.model(), statistics, settings.train().seed());
  }

  /** For files that are no dataset: the numbers do not change the time it takes. */
  private static Split plainStatistics(List<EncodedSample> samples) {
    return new Split(
        "images",
        samples.size(),
        0,
        Collections.nCopies(3, 0.5),
        Collections.nCopies(3, 0.25),
        List.of());
  }
}
