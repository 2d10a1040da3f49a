// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Trainings on a cluster of Spark in namespaces, disturbed at random by whatever {@link SoakFault}
 * has: which, where and for how long follows from a seed, when from the run. Each has to end with
 * the parameters of an undisturbed training. No test, as it takes half an hour.
 *
 * <p>Arguments: an empty folder, a seed, the number of faults, epochs of 24 steps. Needs root. Ends
 * with 1 when a run ends otherwise or gets stuck, and then leaves everything as it is.
 */
final class LinkSoak {
  private static final int IMAGES_PER_CLASS = 96;
  private static final int HOSTS = 3;
  private static final int EXECUTORS_OF_HOST = 2;
  private static final int SPARK_TIMEOUT_SECONDS = 15;
  private static final long LOOK_MILLISECONDS = 50;

  /** On a busy machine processes take minutes to start. */
  private static final int START_SECONDS = 600;

  /** A run without a new checkpoint for so long is stuck. */
  private static final int STUCK_SECONDS = 2 * START_SECONDS;

  private static final int TERMINATED = 143;
  private static final List<String> SETTINGS =
      List.of(
          "sync.overlap=on",
          "sync.timeout-seconds=5",
          "cluster.replace-timeout-seconds=2",
          "cluster.start-timeout-seconds=" + START_SECONDS,
          "checkpoint.keep-last=3");

  private final Path folder;
  private final List<String> settings;
  private final Random random;
  private final HostNetwork network;
  private final SparkHosts spark;
  private final Map<SoakFault, List<Double>> recoveries = new TreeMap<>();
  private int runs;
  private Process driver;

  private LinkSoak(Path folder, long seed, List<String> settings) {
    this.folder = folder;
    this.settings = settings;
    this.random = new Random(seed);
    this.network = new HostNetwork(HOSTS, true);
    network.set(LinkRuns.FAST);
    this.spark = new SparkHosts(network, HOSTS, EXECUTORS_OF_HOST, SPARK_TIMEOUT_SECONDS, folder);
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length < 4) {
      throw new IllegalArgumentException(
          "expected an empty folder, a seed, the number of faults and epochs, found "
              + List.of(arguments));
    }
    Path folder = Path.of(arguments[0]).toAbsolutePath();
    List<String> settings = new ArrayList<>(SETTINGS);
    settings.add("train.epochs=" + Integer.parseInt(arguments[3]));
    if (arguments.length == 4) {
      SmallRun.prepare(folder, IMAGES_PER_CLASS);
      SmallRun.undisturbed(folder, "undisturbed", settings);
      List<String> apart = new ArrayList<>(List.of(arguments));
      apart.add("apart");
      LinkProcess.apart().run(LinkSoak.class, apart);
      System.exit(0);
    }
    LinkSoak soak = new LinkSoak(folder, Long.parseLong(arguments[1]), settings);
    try (soak.spark) {
      soak.run(Integer.parseInt(arguments[2]));
    }
    soak.tell();
    System.exit(0);
  }

  private Path run() {
    return folder.resolve("run-" + runs);
  }

  private void start() {
    List<String> arguments =
        SmallRun.train(
            folder, run().getFileName().toString(), (HOSTS - 1) * EXECUTORS_OF_HOST, settings);
    driver = spark.command(folder.resolve("run-" + runs + ".log"), arguments);
  }

  private void run(int faults) throws IOException, InterruptedException {
    runs = 1;
    start();
    int happened = 0;
    while (happened < faults) {
      if (!awaitNewer(SmallRun.newestStep(run()))) {
        end();
        runs++;
        start();
      } else if (happen(SoakFault.random(random), happened + 1)) {
        happened++;
      }
    }
    boolean isRunning = true;
    while (isRunning) {
      isRunning = awaitNewer(SmallRun.newestStep(run()));
    }
    end();
  }

  /**
   * Waits for a checkpoint after this step.
   *
   * @return false: the run has ended
   */
  private boolean awaitNewer(long step) throws InterruptedException {
    long begun = System.nanoTime();
    while (SmallRun.newestStep(run()) <= step) {
      if (!driver.isAlive()) {
        return false;
      }
      if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(STUCK_SECONDS)) {
        stuck();
      }
      Thread.sleep(LOOK_MILLISECONDS);
    }
    return true;
  }

  private void stuck() {
    System.out.printf(
        "STUCK: run %d has no new checkpoint for %d s; its driver is process %d%n",
        runs, STUCK_SECONDS, driver.pid());
    SystemCommand.run("kill -QUIT " + driver.pid());
    tell();
    System.exit(1);
  }

  private void end() throws IOException, InterruptedException {
    int code = driver.waitFor();
    Object expected = LinkRuns.parameters(folder.resolve("undisturbed"));
    boolean isRight = code == 0 && LinkRuns.parameters(run()).equals(expected);
    String log = Files.readString(folder.resolve("run-" + runs + ".log"));
    System.out.printf(
        "run %d ended with %d, %s parameters: %d failures, %d left in order, %d times more executors%n",
        runs,
        code,
        isRight ? "the same" : "OTHER",
        count(log, "failure \\d+ at or after .*"),
        count(log, ".* told to end, left after .*"),
        count(log, "more executors are ready .*"));
    if (!isRight) {
      tell();
      System.exit(1);
    }
  }

  private static long count(String log, String pattern) {
    return log.lines().filter(line -> line.matches(pattern)).count();
  }

  /**
   * @return false where there was nothing that it could happen to
   */
  private boolean happen(SoakFault fault, int number) throws InterruptedException {
    Thread.sleep(random.nextInt(1500));
    int host = 1 + random.nextInt(HOSTS - 1);
    double lasting = fault.seconds(random);
    long step = SmallRun.newestStep(run());
    List<ProcessHandle> there = spark.executors(host);
    if (there.isEmpty() || !driver.isAlive()) {
      return false;
    }
    ProcessHandle executor = there.get(random.nextInt(there.size()));
    long begun = System.nanoTime();
    disturb(fault, host, executor, Math.round(lasting * 1e3));
    boolean isFollowed = awaitNewer(Math.max(step, stepNow()));
    double seconds = (System.nanoTime() - begun) * 1e-9;
    if (isFollowed) {
      recoveries.computeIfAbsent(fault, key -> new ArrayList<>()).add(seconds);
    }
    System.out.printf(
        "%d: %s (%.1f s) on host %d, run %d after step %d: %s after %.1f s%n",
        number,
        fault,
        lasting,
        host,
        runs,
        step,
        isFollowed ? "next checkpoint" : "the run ended",
        seconds);
    return true;
  }

  private long stepNow() {
    return SmallRun.newestStep(run());
  }

  private void disturb(SoakFault fault, int host, ProcessHandle executor, long milliseconds)
      throws InterruptedException {
    switch (fault) {
      case KILL -> SparkHosts.signal(executor, "KILL");
      case TERM -> SparkHosts.signal(executor, "TERM");
      case DECOMMISSION -> SparkHosts.signal(executor, "PWR");
      case PAUSE, FREEZE -> {
        SparkHosts.signal(executor, "STOP");
        Thread.sleep(milliseconds);
        SparkHosts.signal(executor, "CONT");
      }
      case PARTITION, CUT_OFF -> link(host, LinkRuns.CUT, milliseconds);
      case DRIVER_CUT_OFF -> link(SparkHosts.DRIVER_HOST, LinkRuns.CUT, milliseconds);
      case SLOW -> link(host, new Link(20, 0.1, 0), milliseconds);
      case LOSSY -> link(host, new Link(1000, 0.1, 1), milliseconds);
      case HOST_LOST -> {
        spark.kill(host);
        Thread.sleep(milliseconds);
        spark.startWorker(host);
      }
      case HOST_LEAVES -> {
        spark.decommission(host);
        Thread.sleep(milliseconds);
        spark.kill(host);
        spark.startWorker(host);
      }
      case DRIVER_KILLED -> {
        driver.destroyForcibly().waitFor();
        start();
      }
      case DRIVER_TOLD -> {
        SparkHosts.signal(driver.toHandle(), "TERM");
        int code = driver.waitFor();
        if (code == TERMINATED) {
          start();
        }
      }
    }
  }

  private void link(int host, Link worse, long milliseconds) throws InterruptedException {
    network.set(host, worse);
    Thread.sleep(milliseconds);
    network.set(host, LinkRuns.FAST);
  }

  /** Of each, count and seconds to the next checkpoint, where one followed. */
  private void tell() {
    recoveries.forEach(
        (fault, seconds) -> {
          List<Double> sorted = seconds.stream().sorted().toList();
          System.out.printf(
              "%s: %d, seconds to the next checkpoint %.1f (%.1f to %.1f)%n",
              fault,
              sorted.size(),
              sorted.get(sorted.size() / 2),
              sorted.get(0),
              sorted.get(sorted.size() - 1));
        });
  }
}
