// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.benchmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.Settings;
import org.bellows.driver.benchmark.LockstepScaling;
import org.bellows.driver.benchmark.PinnedProcessors;
import org.bellows.driver.benchmark.ScalingResult;
import org.bellows.driver.benchmark.StepShares;
import org.bellows.driver.command.option.ConfigurationOptions;
import org.bellows.driver.job.CommandRun;
import org.bellows.driver.job.TrainJob;
import org.bellows.driver.progress.ProgressLine;
import org.bellows.driver.run.MetricsLog;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.spark.DeviceUse;
import org.bellows.driver.spark.LazySpark;
import org.bellows.worker.files.Json;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code benchmark scaling}: two executors, and one with two lanes at once, beside one. */
@Command(
    name = "scaling",
    mixinStandardHelpOptions = true,
    header = "Measures two executors, or two lanes at once, beside one.",
    description = {
      "The same global batch (strong scaling) and, on one executor, half of it (weak); and one "
          + "executor that computes the two lanes at once (cluster.lanes-at-once). The "
          + "shares of waiting for data and of the collective are printed apart. The same two "
          + "executors serve all rounds, so that compilers warm up once. A third number is what the "
          + "machine leaves to two that take the network's passes in step and neither read, update "
          + "nor exchange.",
      "Needs data.path, output.path and model.name; train.lane-batch is half of "
          + "train.global-batch."
    })
final class BenchmarkScalingCommand implements Callable<Integer> {
  static final String FILE = "benchmark-scaling.json";
  private static final String LINE = "%-28s %10s %10s %11s%n";

  @Mixin private ConfigurationOptions options;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Rounds that medians are taken of (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--warm-up-rounds",
      paramLabel = "N",
      defaultValue = "2",
      description = "Rounds before these, which do not count (default: ${DEFAULT-VALUE}).")
  private int warmUpRounds;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "2",
      description = "Epochs of each training; the later half counts (default: ${DEFAULT-VALUE}).")
  private int epochs;

  @Option(
      names = "--own-processors",
      description =
          "Confine each executor of this machine to a processor of its own (Linux, taskset): else"
              + " one executor's decoding, compilers and garbage collection have the other's.")
  private boolean ownProcessors;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    Settings given = options.settings(TrainJob.REQUIRED);
    int batch = given.train().globalBatch();
    if (rounds < 1 || warmUpRounds < 0 || epochs < 1 || batch % 2 != 0) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "--rounds and --epochs must be at least 1, --warm-up-rounds 0, train.global-batch even");
    }
    String output = given.output().path();
    Settings both = settings(output, batch, 2, batch);
    try (LazySpark spark =
        LazySpark.of("bellows benchmark scaling", both, options.master(), DeviceUse.TRAINING)) {
      CommandRun job = new CommandRun("benchmark");
      job.run(
          spark.hadoop(),
          output,
          () -> TrainJob.check(spark, both),
          (folder, ignored) -> {
            job.own(folder, Map.of());
            ScalingResult scaling = measure(spark.context(), both, batch);
            Map<String, Object> metrics = metrics(scaling);
            folder.write(FILE, Json.pretty(Map.of("rounds", scaling, "medians", metrics)));
            print(scaling);
            return metrics;
          });
    }
    return 0;
  }

  private ScalingResult measure(JavaSparkContext spark, Settings both, int batch) {
    if (ownProcessors) {
      PinnedProcessors.giveToEach(2);
    }
    ScalingResult scaling =
        new ScalingResult(
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>());
    LockstepScaling lockstep = null;
    for (int round = -warmUpRounds; round < rounds; round++) {
      String folder =
          both.output().path() + "/runs/" + (round < 0 ? "warm-up" + round : "round-" + round);
      StepShares one = train(spark, settings(folder + "-one", batch, 1, batch));
      StepShares two = train(spark, settings(folder + "-two", batch, 2, batch));
      StepShares atOnce = trainAtOnce(spark, folder, batch);
      int halfBatch = batch / 2;
      StepShares half = train(spark, settings(folder + "-half", batch, 1, halfBatch));
      if (lockstep == null && round >= -1) {
        lockstep = new LockstepScaling(spark, both, halfBatch / half.imagesPerSecond());
      }
      if (round >= 0) {
        scaling.one().add(one);
        scaling.two().add(two);
        scaling.atOnce().add(atOnce);
        scaling.half().add(half);
        scaling.machine().add(lockstep.measure());
      }
    }
    return scaling;
  }

  /** With as many threads that decode as two executors have together. */
  private StepShares trainAtOnce(JavaSparkContext spark, String folder, int batch) {
    Settings one = settings(folder + "-one", batch, 1, batch);
    if (ownProcessors) {
      PinnedProcessors.share(2);
    }
    StepShares shares =
        train(
            spark,
            settings(
                folder + "-at-once",
                batch,
                1,
                batch,
                "cluster.lanes-at-once=2",
                "data.decode-threads=" + 2 * one.data().decodeThreads()));
    if (ownProcessors) {
      PinnedProcessors.giveToEach(2);
    }
    return shares;
  }

  private Settings settings(String folder, int batch, int executors, int ownBatch, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "output.path=" + folder,
                "cluster.executors=" + executors,
                "cluster.lanes-at-once=1",
                "train.global-batch=" + ownBatch,
                "train.lane-batch=" + batch / 2,
                "train.validation-split=",
                "schedule.warmup=none",
                "train.epochs=" + epochs));
    all.addAll(List.of(more));
    return options.settingsWith(null, all);
  }

  private static StepShares train(JavaSparkContext spark, Settings settings) {
    new TrainJob(spark, settings, new ProgressLine(settings.metrics().progressSeconds())).run();
    RunFolder run = RunFolder.of(spark.hadoopConfiguration(), settings.output().path());
    return StepShares.of(new MetricsLog(run).steps(), settings.sync().stepsBetweenExchanges());
  }

  private Map<String, Object> metrics(ScalingResult scaling) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("one", ScalingResult.median(scaling.one()));
    metrics.put("two", ScalingResult.median(scaling.two()));
    metrics.put("at-once", ScalingResult.median(scaling.atOnce()));
    metrics.put("half", ScalingResult.median(scaling.half()));
    metrics.put("strong", scaling.strong());
    metrics.put("weak", scaling.weak());
    metrics.put("lanes-at-once", scaling.lanesAtOnce());
    metrics.put("machine", scaling.ofMachine());
    metrics.put("processors", Runtime.getRuntime().availableProcessors());
    return metrics;
  }

  private static void print(ScalingResult scaling) {
    System.out.printf(LINE, "executors, global batch", "images/s", "data wait", "collective");
    print("one, the whole", ScalingResult.median(scaling.one()));
    print("two, the whole", ScalingResult.median(scaling.two()));
    print("one, two lanes at once", ScalingResult.median(scaling.atOnce()));
    print("one, half", ScalingResult.median(scaling.half()));
    System.out.printf(
        Locale.ROOT,
        "of twice one executor's rate: strong %.3f, weak %.3f; two lanes at once on one executor"
            + " %.3f; two that take only the network's passes in step: %.3f%n",
        scaling.strong(),
        scaling.weak(),
        scaling.lanesAtOnce(),
        scaling.ofMachine().share());
  }

  private static void print(String name, StepShares shares) {
    System.out.printf(
        LINE,
        name,
        String.format(Locale.ROOT, "%.1f", shares.imagesPerSecond()),
        percent(shares.dataWaitShare()),
        percent(shares.collectiveShare()));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
