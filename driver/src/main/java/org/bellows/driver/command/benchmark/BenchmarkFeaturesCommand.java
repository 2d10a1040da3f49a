// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.benchmark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bellows.conf.Settings;
import org.bellows.driver.benchmark.FeatureBenchmark;
import org.bellows.driver.command.option.ConfigurationOptions;
import org.bellows.driver.job.BuildVersion;
import org.bellows.driver.job.CommandRun;
import org.bellows.driver.spark.DeviceUse;
import org.bellows.driver.spark.LazySpark;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code benchmark features}: what extraction costs besides the network. */
@Command(
    name = "features",
    mixinStandardHelpOptions = true,
    header = "Measures extract-features beside a bare forward pass.",
    description = {
      "In this process. For the same cores, start it with taskset and OMP_NUM_THREADS.",
      "Needs model.path, data.path and output.path."
    })
final class BenchmarkFeaturesCommand implements Callable<Integer> {
  private static final String ONE_PROCESS = "local[1]";

  @Mixin private ConfigurationOptions options;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Rounds that medians are taken of (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    if (rounds < 1) {
      throw new CommandLine.ParameterException(spec.commandLine(), "--rounds must be at least 1");
    }
    List<String> needed = List.of("model.path", "data.path", "output.path");
    Settings settings = options.settings(null, List.of("cluster.executors=1"), needed);
    CommandRun job = new CommandRun("benchmark");
    try (LazySpark spark =
        LazySpark.of("bellows benchmark features", settings, ONE_PROCESS, DeviceUse.INFERENCE)) {
      job.run(
          spark.hadoop(),
          settings.output().path(),
          () -> FeatureBenchmark.inputs(spark.hadoop(), settings),
          (folder, inputs) -> {
            job.own(folder, Map.of());
            return metrics(
                new FeatureBenchmark(spark.context(), settings, BuildVersion.text())
                    .run(inputs, rounds));
          });
    }
    return 0;
  }

  private Map<String, Object> metrics(FeatureBenchmark.Row row) {
    System.out.printf(
        Locale.ROOT,
        "layer %s, %,d images: bare forward %.1f images/s, extract-features %.1f images/s, ratio"
            + " %.3f%n",
        row.layer(),
        row.images(),
        row.bareImagesPerSecond(),
        row.imagesPerSecond(),
        row.ratio());
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("layer", row.layer());
    metrics.put("images", row.images());
    metrics.put("rounds", rounds);
    metrics.put("processors", Runtime.getRuntime().availableProcessors());
    metrics.put("bare-images-per-second", row.bareImagesPerSecond());
    metrics.put("images-per-second", row.imagesPerSecond());
    metrics.put("ratio", row.ratio());
    return metrics;
  }
}
