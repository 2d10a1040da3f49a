// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.upstream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.driver.benchmark.BenchmarkSubcommand;
import org.bellows.driver.benchmark.Median;
import org.bellows.driver.command.option.ConfigurationOptions;
import org.bellows.driver.job.TrainJob;
import org.bellows.driver.progress.ProgressLine;
import org.bellows.driver.spark.SparkContexts;
import org.bellows.worker.files.Json;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code benchmark dl4j-spark}: an epoch of Bellows beside one of upstream's. */
@Command(
    name = "dl4j-spark",
    mixinStandardHelpOptions = true,
    header = "Measures training beside dl4j-spark.",
    description = {
      "Trains the same network on the same data, executors and batch with Bellows and with "
          + "dl4j-spark's ParameterAveragingTrainingMaster, an epoch each in alternating rounds, and "
          + "compares images/s.",
      "Needs data.path, output.path (a folder that is new) and model.name."
    })
public final class Dl4jSparkCommand implements BenchmarkSubcommand {
  @Mixin private ConfigurationOptions options;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "Rounds that medians are taken of, after one that does not count (default:"
              + " ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "--json", paramLabel = "FILE", description = "Where all numbers are written.")
  private Path json;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    if (rounds < 1) {
      throw new CommandLine.ParameterException(spec.commandLine(), "--rounds must be at least 1");
    }
    Settings settings = settings(0);
    if (!settings.sync().mode().runsOnRanks()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "sync.mode is how Bellows trains here, beside dl4j-spark: every-step or averaging");
    }
    double[] bellows = new double[rounds];
    double[] upstream = new double[rounds];
    double[] ratios = new double[rounds];
    try (JavaSparkContext spark =
        SparkContexts.open("bellows benchmark dl4j-spark", settings, options.master())) {
      Dl4jSparkTraining other = new Dl4jSparkTraining(spark, settings);
      for (int round = -1; round < rounds; round++) {
        double mine = epoch(spark, settings(round + 1));
        double theirs = other.epoch();
        System.out.printf(
            Locale.ROOT,
            "%s: bellows %.1f images/s, dl4j-spark %.1f images/s%n",
            round < 0 ? "warm-up" : "round " + (round + 1),
            mine,
            theirs);
        if (round >= 0) {
          bellows[round] = mine;
          upstream[round] = theirs;
          ratios[round] = mine / theirs;
        }
      }
      finish(
          settings,
          other.samples(),
          Map.of("bellows", bellows, "dl4j-spark", upstream, "ratio", ratios));
    }
    return 0;
  }

  /** Every round trains from the seed, in a folder of its own. */
  private Settings settings(int round) {
    Settings given = options.settings(List.of("data.path", "output.path", "model.name"));
    return options.settingsBetween(
        null,
        List.of(),
        List.of(
            "output.path=" + given.output().path() + "/round-" + round,
            "train.validation-split=",
            "schedule.warmup=none",
            "train.epochs=1"),
        List.of());
  }

  /** The steps' images/s: Bellows's training without checkpoint and report. */
  private static double epoch(JavaSparkContext spark, Settings settings) {
    ProgressLine progress = new ProgressLine(settings.metrics().progressSeconds());
    Map<String, Object> metrics = new TrainJob(spark, settings, progress).run();
    return ((Number) metrics.get("images-per-second")).doubleValue();
  }

  private void finish(Settings settings, long samples, Map<String, double[]> measured) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("network", settings.model().name());
    all.put("samples", samples);
    all.put("executors", settings.cluster().executors());
    all.put("lane-batch", settings.train().laneBatch());
    all.put("rounds", measured);
    measured.forEach((name, values) -> all.put(name, Median.of(values)));
    System.out.printf(
        Locale.ROOT,
        "median: bellows %.1f images/s, dl4j-spark %.1f images/s, ratio %.2f%n",
        Median.of(measured.get("bellows")),
        Median.of(measured.get("dl4j-spark")),
        Median.of(measured.get("ratio")));
    if (json != null) {
      try {
        Files.write(json, Json.pretty(all));
      } catch (IOException e) {
        throw BellowsException.infrastructure("cannot write " + json + ": " + e.getMessage(), e);
      }
    }
  }
}
