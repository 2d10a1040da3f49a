// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.bellows.driver.CommandLine;
import org.bellows.driver.command.FaultyCluster;
import org.bellows.driver.fault.FaultSchedule;
import org.bellows.driver.spark.BellowsPlugin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every way for an executor to go, one after the other, each replaced by Spark; then one for good.
 */
@Tag("alone")
@Tag("slow")
@Timeout(600)
class DeadExecutorsTest {
  private static final String LOST = "executor \\d+ on localhost \\(rank %d\\) was lost: ";

  @TempDir Path folder;

  @Test
  void theBitsAreTheSameHoweverExecutorsEnd() throws IOException {
    Map<String, String> impatient =
        Map.of(
            "spark.decommission.enabled", "true",
            "spark.network.timeout", "20s",
            "spark.network.timeoutInterval", "10s",
            "spark.executor.heartbeatInterval", "4s");
    try (FaultyCluster cluster = new FaultyCluster(folder, 2, impatient)) {
      Object undisturbed =
          CommandLine.metric(cluster.train("undisturbed", List.of()).run(), "parameters-sha256");
      FaultyCluster.Ended ended = cluster.train("processes", FaultSchedule.schedule("processes"));
      cluster.faults().recoveries().forEach(System.err::println);
      assertThat(ended.failure()).as(ended.said()).isNull();
      assertThat(CommandLine.metric(ended.run(), "parameters-sha256")).isEqualTo(undisturbed);
      assertThat(ended.said())
          .containsPattern(LOST.formatted(1) + "Command exited with code 137 \\(SIGKILL")
          .containsPattern(LOST.formatted(0) + "Command exited with code 1\n")
          .containsPattern(
              "executor \\d+ on \\S+ \\(SIGTERM\\), told to end, left after step 1\\d; nothing was lost\n")
          .contains("passed over the checkpoint of step 16: ", "Checksum error")
          .containsPattern("rank 1 on localhost \\(executor \\d+\\) did not finish")
          .containsPattern(LOST.formatted(0) + "Command exited with code 137");
      assertThat(cluster.faults().fired()).hasSize(7);
      withOneThatComesBack(cluster, undisturbed);
      withALossAndANewcomer(cluster, undisturbed);
      withOneLess(cluster, undisturbed);
    }
  }

  /**
   * One leaves, the run goes on at once, and takes in the one that Spark starts in its place. Then
   * Spark decommissions one.
   */
  private static void withOneThatComesBack(FaultyCluster cluster, Object undisturbed)
      throws IOException {
    FaultyCluster.Ended ended =
        cluster.train(
            "comes-back",
            List.of(
                "rank-1 after-step-5 term",
                "rank-0 after-step-17 decommission",
                "rank-0 from-step-0 slow 600"),
            "--set=cluster.replace-timeout-seconds=0",
            // The first step in a process that has just begun.
            "--set=sync.timeout-seconds=30");
    assertThat(ended.failure()).as(ended.said()).isNull();
    assertThat(ended.said())
        .containsPattern(
            "(?s)\\(SIGTERM\\), told to end, left after step \\d+; nothing was lost\n.*"
                + "\\(decommissioned by Spark\\), told to end, left after step \\d+; nothing was lost\n")
        .containsPattern("resumed from the checkpoint of step \\d+ on 1 executors\n")
        .containsPattern("more executors are ready after step \\d+\n")
        .containsPattern("resumed from the checkpoint of step \\d+ on 2 executors\n")
        .doesNotContain("failure 1 ");
    for (String file : List.of("metrics/executors.jsonl", "report.html")) {
      assertThat(Files.readString(ended.run().resolve(file)))
          .as(file)
          .containsPattern(
              "(?s)executor \\d+ on \\S+ \\(SIGTERM\\).*"
                  + "executor \\d+ on \\S+ \\(decommissioned by Spark\\)");
    }
    assertThat(CommandLine.metric(ended.run(), "parameters-sha256")).isEqualTo(undisturbed);
  }

  /**
   * One leaves, and the other is killed at the moment at which the one that Spark starts in the
   * first's place is ready: a failure, and the run goes on with the newcomer.
   */
  private static void withALossAndANewcomer(FaultyCluster cluster, Object undisturbed)
      throws IOException {
    long start = System.currentTimeMillis();
    Thread killer =
        new Thread(
            () -> {
              awaitStep(cluster.faults(), 5, start);
              await(() -> BellowsPlugin.starts().ready() == 2);
              kill(oldest(cluster));
            });
    killer.start();
    FaultyCluster.Ended ended =
        cluster.train(
            "newcomer",
            List.of("rank-1 after-step-2 term", "rank-0 from-step-0 slow 600"),
            "--set=cluster.replace-timeout-seconds=0",
            "--set=sync.timeout-seconds=30");
    assertThat(ended.failure()).as(ended.said()).isNull();
    assertThat(ended.said())
        .containsPattern(
            "(?s)told to end, left after step \\d+; nothing was lost\n.*failure 1 at or after step"
                + " \\d+: "
                + LOST.formatted(0)
                + "Command exited with code 137.*resumed from the checkpoint of step \\d+ on [12]"
                + " executors\n")
        .doesNotContain("failure 2 ");
    assertThat(CommandLine.metric(ended.run(), "parameters-sha256")).isEqualTo(undisturbed);
  }

  private static int oldest(FaultyCluster cluster) {
    int oldest = Integer.MAX_VALUE;
    var executors = cluster.spark().sc().getExecutorIds().iterator();
    while (executors.hasNext()) {
      oldest = Math.min(oldest, Integer.parseInt(executors.next()));
    }
    return oldest;
  }

  private static void kill(int executor) {
    String argument = "--executor-id\0%d\0".formatted(executor);
    ProcessHandle.current()
        .descendants()
        .filter(process -> commandLine(process).contains(argument))
        .forEach(ProcessHandle::destroyForcibly);
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/%d/cmdline".formatted(process.pid())));
    } catch (IOException e) {
      // It has ended meanwhile.
      return "";
    }
  }

  private static void await(BooleanSupplier isSo) {
    try {
      while (!isSo.getAsBoolean()) {
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Nobody starts another in its place: the run waits, then goes on with what is left. */
  private static void withOneLess(FaultyCluster cluster, Object undisturbed) throws IOException {
    long start = System.currentTimeMillis();
    Thread taker =
        new Thread(
            () -> {
              awaitStep(cluster.faults(), 6, start);
              cluster.spark().sc().killExecutor(anExecutor(cluster));
            });
    taker.start();
    FaultyCluster.Ended ended =
        cluster.train(
            "fewer",
            List.of("rank-0 from-step-0 slow 300"),
            "--set=cluster.replace-timeout-seconds=5");
    assertThat(ended.failure()).as(ended.said()).isNull();
    assertThat(ended.said()).contains("on 1 executors");
    assertThat(CommandLine.metric(ended.run(), "parameters-sha256")).isEqualTo(undisturbed);
  }

  private static String anExecutor(FaultyCluster cluster) {
    return cluster.spark().sc().getExecutorIds().head();
  }

  /**
   * @param since in milliseconds since 1970; what an earlier run noted does not count
   */
  private static void awaitStep(FaultSchedule faults, int step, long since) {
    try {
      while (faults.journal(0).stream()
          .noneMatch(entry -> entry.at() >= since && entry.what().equals("step " + step))) {
        Thread.sleep(20);
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
