// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bellows.conf.Settings;
import org.bellows.data.storage.Storage;
import org.bellows.driver.benchmark.collective.CollectiveBenchmark;
import org.bellows.driver.command.option.ConfigurationOptions;
import org.bellows.driver.command.option.NetworkOptions;
import org.bellows.driver.spark.DeviceUse;
import org.bellows.driver.spark.LazySpark;
import org.bellows.models.network.NetworkCost;
import org.bellows.worker.files.Json;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code benchmark collective}: what exchanging a network's parameters takes. */
@Command(
    name = "collective",
    mixinStandardHelpOptions = true,
    header = "Measures the exchange of parameters after a step.",
    description = {
      "Between processes of this machine, beside a plain copy of the same bytes through "
          + "sockets, then Spark's broadcast and treeAggregate of as many executors."
    })
final class BenchmarkCollectiveCommand implements Callable<Integer> {
  @Mixin private ConfigurationOptions options;

  @Option(
      names = "--net",
      paramLabel = "NAME",
      defaultValue = "resnet50",
      description = "Whose parameters (default: ${DEFAULT-VALUE}).")
  private String network;

  @Option(
      names = "--ranks",
      paramLabel = "N",
      split = ",",
      defaultValue = "2,3,4,8",
      description = "Processes, one measurement each (default: ${DEFAULT-VALUE}).")
  private List<Integer> ranks;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "11",
      description = "Rounds that medians are taken of (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--spark",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Whether Spark's own means are measured, too (default: ${DEFAULT-VALUE}).")
  private boolean withSpark;

  @Option(names = "--json", paramLabel = "FILE", description = "Where all numbers are written.")
  private Path json;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    if (rounds < 1 || ranks.stream().anyMatch(count -> count < 2)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--rounds must be at least 1, --ranks at least 2");
    }
    long floats = NetworkCost.of(NetworkOptions.network(network)).trainableParameters();
    CollectiveBenchmark benchmark = new CollectiveBenchmark(Math.toIntExact(floats), rounds);
    System.out.printf(
        Locale.ROOT,
        "%s, %,d floats%n%6s %10s %10s %7s %9s %9s %7s%n",
        network,
        floats,
        "ranks",
        "MB/s",
        "copy MB/s",
        "share",
        "seconds",
        "Spark s",
        "times");
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int count : ranks) {
      rows.add(measure(benchmark, count));
    }
    write(floats, rows);
    return 0;
  }

  private Map<String, Object> measure(CollectiveBenchmark benchmark, int count) {
    CollectiveBenchmark.Row row = benchmark.between(count);
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("exchange", row);
    String spark = "";
    if (withSpark) {
      double seconds = sparkSeconds(benchmark, count);
      spark = String.format(Locale.ROOT, " %9.3f %7.1f", seconds, seconds / row.seconds());
      all.put("spark-seconds", seconds);
    }
    // At once: Spark says things of its own meanwhile.
    System.out.printf(
        Locale.ROOT,
        "%6d %10.0f %10.0f %7.2f %9.3f%s%n",
        count,
        row.megabytesPerSecond(),
        row.copyMegabytesPerSecond(),
        row.share(),
        row.seconds(),
        spark);
    return all;
  }

  private double sparkSeconds(CollectiveBenchmark benchmark, int count) {
    Settings settings =
        options.settingsWith(
            null,
            List.of(
                "cluster.executors=" + count, "train.lane-batch=1", "train.global-batch=" + count));
    try (LazySpark spark =
        LazySpark.of("bellows benchmark collective", settings, options.master(), DeviceUse.NONE)) {
      return benchmark.withSpark(spark.context(), count);
    }
  }

  private void write(long floats, List<Map<String, Object>> rows) {
    if (json == null) {
      return;
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("network", network);
    all.put("floats", floats);
    all.put("rounds", rounds);
    all.put("processors", Runtime.getRuntime().availableProcessors());
    all.put("rows", rows);
    try {
      Files.write(json, Json.pretty(all));
    } catch (IOException e) {
      throw Storage.writeFailure(json, e);
    }
  }
}
