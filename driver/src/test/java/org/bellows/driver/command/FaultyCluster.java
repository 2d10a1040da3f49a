// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.driver.TinyTree;
import org.bellows.driver.fault.FaultSchedule;
import org.bellows.driver.fault.FaultyDisk;
import org.bellows.driver.job.TrainJob;
import org.bellows.driver.progress.ProgressLine;
import org.bellows.driver.spark.SparkContexts;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.natives.NativeLibraries;

/**
 * Executors that outlive a run, as starting them takes most of the time of a short one, and that
 * fail as a schedule says.
 */
public final class FaultyCluster implements AutoCloseable {
  private static final String JAVA_OPTIONS = "spark.executor.extraJavaOptions";

  private final Path dataset;
  private final Path runs;
  private final int executors;
  private final FaultSchedule faults;
  private final JavaSparkContext spark;

  /** Of the system before, null where there was none. */
  private final Map<String, String> before = new HashMap<>();

  /**
   * @param folder for runs and faults; the dataset is made there if it is not there yet
   * @param executors processes, or 1: none but this one
   * @param properties of Spark
   */
  public FaultyCluster(Path folder, int executors, Map<String, String> properties) {
    Path data = folder.resolve("dataset");
    this.dataset =
        Files.exists(data) ? data : TinyTree.prepare(folder, "--set=prepare.block-kibibytes=16");
    this.runs = folder.resolve("runs");
    this.executors = executors;
    this.faults = new FaultSchedule(folder.resolve("faults"));
    Map<String, String> all = new HashMap<>(properties);
    all.putAll(properties(folder));
    all.forEach((key, value) -> before.put(key, System.getProperty(key)));
    all.forEach(System::setProperty);
    try {
      this.spark =
          SparkContexts.open("faults", settings("none"), executors == 1 ? "local[1]" : null);
    } catch (RuntimeException e) {
      restore();
      throw e;
    }
  }

  /** What is left in the system would be every later test's. */
  private void restore() {
    before.forEach(
        (key, value) -> {
          if (value == null) {
            System.clearProperty(key);
          } else {
            System.setProperty(key, value);
          }
        });
  }

  /** What makes the processes of a job fail as the schedule below the folder says. */
  public static Map<String, String> properties(Path folder) {
    Path faults = folder.resolve("faults");
    return Map.of(
        FaultSchedule.PROPERTY,
        faults.toString(),
        JAVA_OPTIONS,
        "%s -D%s=%s -Djava.io.tmpdir=%s -Dorg.bytedeco.javacpp.cachedir=%s"
            .formatted(
                System.getProperty(JAVA_OPTIONS, ""),
                FaultSchedule.PROPERTY,
                faults,
                temporary(folder),
                System.getProperty("org.bytedeco.javacpp.cachedir")),
        "spark.hadoop.fs.file.impl",
        FaultyDisk.class.getName(),
        "spark.task.reaper.pollingInterval",
        "1s");
  }

  public JavaSparkContext spark() {
    return spark;
  }

  public Path dataset() {
    return dataset;
  }

  public FaultSchedule faults() {
    return faults;
  }

  public Path run(String name) {
    return runs.resolve(name);
  }

  /**
   * Of the executors alone, so that one sees what they leave; this process's natives are theirs.
   */
  private static Path temporary(Path folder) {
    NativeLibraries.load();
    try {
      return Files.createDirectories(folder.resolve("temporary"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** 3 lanes of 2: 24 steps an epoch, a checkpoint and new samples to be read every 4. */
  public static String[] arguments(Path dataset, Path run, int executors, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--set=model.height-pixels=16",
                "--set=model.width-pixels=16",
                "--set=data.shuffle-window-samples=8",
                "--set=train.epochs=1",
                "--set=train.global-batch=6",
                "--set=train.lane-batch=2",
                "--set=train.validation-split=",
                "--set=schedule.warmup=none",
                "--set=schedule.base-lr=1",
                "--set=checkpoint.keep-last=1000",
                "--set=sync.timeout-seconds=4",
                "--set=cluster.max-failures=1000",
                "--set=cluster.start-timeout-seconds=60"));
    all.addAll(Arrays.asList(more));
    return TinyTree.train(dataset, run, executors, all.toArray(String[]::new));
  }

  private Settings settings(String name, String... more) {
    List<String> assignments =
        Arrays.stream(arguments(dataset, run(name), executors, more))
            .filter(argument -> argument.startsWith("--set="))
            .map(argument -> argument.substring("--set=".length()))
            .toList();
    return new SettingsLoader()
        .set(assignments)
        .load(List.of(), List.of(settings -> NetworkRegistry.standard().check(settings.model())));
  }

  /**
   * @param failure or null
   * @param said on the terminal
   */
  public record Ended(Path run, BellowsException failure, String said) {}

  /**
   * @param settings besides the usual ones: --set=key=value
   */
  public Ended train(String name, List<String> schedule, String... settings) throws IOException {
    faults.begin(schedule);
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    BellowsException failure = null;
    try (PrintStream caught = new PrintStream(said, true, StandardCharsets.UTF_8)) {
      System.setErr(caught);
      new TrainJob(spark, settings(name, settings), new ProgressLine(1)).run();
    } catch (BellowsException e) {
      failure = e;
    } finally {
      System.setErr(err);
    }
    return new Ended(run(name), failure, said.toString(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    spark.close();
    restore();
  }
}
