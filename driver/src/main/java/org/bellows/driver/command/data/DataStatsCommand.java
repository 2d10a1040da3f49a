// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.data;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.Settings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.DatasetVerifier;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.manifest.Split;
import org.bellows.data.statistics.SplitStatistics;
import org.bellows.data.statistics.SplitStatistics.Odd;
import org.bellows.driver.command.option.ConfigurationOptions;
import org.bellows.driver.data.DatasetPage;
import org.bellows.driver.data.DatasetStatistics;
import org.bellows.driver.data.DatasetText;
import org.bellows.driver.data.SamplePictures;
import org.bellows.driver.data.StatisticsJob;
import org.bellows.driver.job.CommandRun;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.spark.DeviceUse;
import org.bellows.driver.spark.LazySpark;
import org.bellows.driver.spark.MonitoredJob;
import org.bellows.driver.train.ClusterReadiness;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code data stats}: classes, sizes, odd samples. */
@Command(
    name = "stats",
    mixinStandardHelpOptions = true,
    header = "Prints classes, sizes and odd samples of a dataset.",
    description = {
      "Odd samples are blank, very small, copies, and others. With output.path it writes a "
          + "page with histograms, too.",
      "Needs data.path."
    })
final class DataStatsCommand implements Callable<Integer> {
  private static final String NAME = "data stats";
  static final String PAGE = "dataset.html";

  @Mixin private ConfigurationOptions options;

  @Override
  public Integer call() {
    Settings settings = options.settings(List.of("data.path"));
    try (LazySpark spark =
        LazySpark.of("bellows data stats", settings, options.master(), DeviceUse.NONE)) {
      if (settings.output().path().isBlank()) {
        DatasetManifest manifest = manifest(spark, settings);
        System.out.println(DatasetText.of(manifest, scan(spark.context(), settings, manifest)));
        System.out.println("give --set output.path=FOLDER for a page with histograms");
      } else {
        CommandRun job = new CommandRun(NAME);
        job.run(
            spark.hadoop(),
            settings.output().path(),
            () -> manifest(spark, settings),
            (folder, manifest) -> {
              job.own(folder, Map.of());
              return write(spark.context(), settings, manifest, folder);
            });
      }
    }
    return 0;
  }

  private static DatasetManifest manifest(LazySpark spark, Settings settings) {
    String path = settings.data().path();
    DatasetManifest manifest = ManifestFile.read(spark.hadoop(), path);
    List<String> splits = manifest.splits().stream().map(Split::name).toList();
    DatasetVerifier.verify(spark.hadoop(), path, manifest, splits, settings.data().verify());
    return manifest;
  }

  private static DatasetStatistics scan(
      JavaSparkContext spark, Settings settings, DatasetManifest manifest) {
    int executors = ClusterReadiness.await(spark, settings.cluster(), 1);
    return MonitoredJob.run(
        spark, settings.cluster(), () -> StatisticsJob.run(spark, settings, manifest, executors));
  }

  private static Map<String, Object> write(
      JavaSparkContext spark, Settings settings, DatasetManifest manifest, RunFolder folder) {
    DatasetStatistics statistics = scan(spark, settings, manifest);
    System.out.println(DatasetText.of(manifest, statistics));
    DatasetPage page =
        new DatasetPage(
            manifest,
            statistics,
            SamplePictures.of(spark.hadoopConfiguration(), settings, manifest, statistics.odd()));
    folder.write(PAGE, page.render(settings.data().path()).getBytes(StandardCharsets.UTF_8));
    System.out.println("page: " + folder.file(PAGE));
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("images", statistics.samples());
    metrics.put("classes", manifest.classes().size());
    Map<String, Object> masks = new TreeMap<>();
    for (SplitStatistics split : statistics.splits()) {
      if (split.masks().samples() > 0) {
        masks.put(
            split.split(),
            Map.of("samples", split.masks().samples(), "labels", split.masks().labels()));
      }
    }
    metrics.put("masks", masks);
    Map<String, Long> odd = new TreeMap<>();
    for (Odd kind : statistics.odd()) {
      odd.merge(kind.kind().name().toLowerCase(Locale.ROOT), kind.count(), Long::sum);
    }
    metrics.put("odd", odd);
    return metrics;
  }
}
