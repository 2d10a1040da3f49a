// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.bellows.conf.ErrorCategory;
import org.bellows.driver.CommandLine;
import org.bellows.driver.command.FaultyCluster;
import org.bellows.driver.fault.FaultSchedule;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two executors fail; the bits are those of a run in which nothing happened. */
@Tag("alone")
@Timeout(600)
class FaultsTest {
  private static final String WHERE = " on 127\\.0\\.0\\.1:\\d+: ";
  private static final Pattern SOCKETS = Pattern.compile("sockets (\\d+)");

  /** Of the schedule "in-process". */
  private static final int FAILED_ATTEMPTS = 6;

  @TempDir static Path folder;

  private static FaultyCluster cluster;
  private static Object undisturbed;

  @BeforeAll
  static void trainUndisturbed() throws IOException {
    cluster = new FaultyCluster(folder, 2, Map.of());
    FaultyCluster.Ended ended = cluster.train("undisturbed", List.of());
    assertThat(ended.said()).doesNotContain("failure", "delays the others");
    undisturbed = CommandLine.metric(ended.run(), "parameters-sha256");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static void endsWithTheSameBits(FaultyCluster.Ended ended) throws IOException {
    assertThat(ended.failure()).as(ended.said()).isNull();
    assertThat(CommandLine.metric(ended.run(), "parameters-sha256")).isEqualTo(undisturbed);
  }

  @Test
  void whateverFailsInsideAnExecutorIsNamedAndTheBitsAreTheSame() throws IOException {
    FaultyCluster.Ended ended = cluster.train("in-process", FaultSchedule.schedule("in-process"));
    endsWithTheSameBits(ended);
    assertThat(cluster.faults().fired()).hasSize(10);
    List<String> failures =
        ended.said().lines().filter(line -> line.startsWith("failure ")).toList();
    SoftAssertions softly = new SoftAssertions();
    String[] expected = {
      "rank 1" + WHERE + "java.lang.IllegalStateException: an exception on purpose",
      "rank 0" + WHERE + "java.lang.OutOfMemoryError: Java heap space",
      "rank (0|1)"
          + WHERE
          + "rank (0|1) at \\S+ (closed the connection|was lost \\(.*\\)) during .*",
      "rank 0" + WHERE + "writing \\S+/step-000000012 failed: the disk is full",
      "rank (0|1)" + WHERE + "rank (0|1) at \\S+ sent nothing for 4 s during .* step 18",
      "rank 0"
          + WHERE
          + "rank 1 at \\S+ sent nothing for 4 s during reduce-scatter of step 19; rank 1 on"
          + " localhost \\(executor \\d+\\) did not finish and its task was cancelled",
    };
    for (int i = 0; i < expected.length; i++) {
      softly
          .assertThat(i < failures.size() ? failures.get(i) : "nothing")
          .matches("failure %d at or after step \\d+: %s".formatted(i + 1, expected[i]));
    }
    softly.assertThat(failures).hasSize(FAILED_ATTEMPTS);
    softly.assertAll();
    nothingIsLeft(ended.run());
  }

  /** The same processes, in the first attempt and in the seventh. */
  private static void nothingIsLeft(Path run) throws IOException {
    for (int rank = 0; rank < 2; rank++) {
      List<String> probes =
          cluster.faults().journal(rank).stream()
              .map(FaultSchedule.Entry::what)
              .filter(what -> what.startsWith("probe"))
              .map(what -> what.replaceFirst("probe of \\d+: ", ""))
              // It ends when all batches of the run are read.
              .map(what -> what.replace(", bellows-train-source", ""))
              .toList();
      assertThat(probes).hasSize(2);
      assertThat(probes.get(0)).contains("bellows-train", "sockets ");
      assertThat(SOCKETS.matcher(probes.get(1)).replaceFirst(""))
          .isEqualTo(SOCKETS.matcher(probes.get(0)).replaceFirst(""));
      // Spark opens and closes some of its own; six failed attempts would leave six of ours.
      assertThat(sockets(probes.get(1))).isLessThan(sockets(probes.get(0)) + FAILED_ATTEMPTS);
    }
    try (var left = Files.list(run.resolve("checkpoints"))) {
      assertThat(left.filter(file -> file.getFileName().toString().startsWith(".tmp-"))).isEmpty();
    }
  }

  private static int sockets(String probe) {
    Matcher matcher = SOCKETS.matcher(probe);
    assertThat(matcher.find()).as(probe).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  @Test
  void anExecutorThatIsKilledIsNamedAndReplaced() throws IOException {
    FaultyCluster.Ended ended = cluster.train("killed", List.of("rank-0 after-step-10 kill"));
    endsWithTheSameBits(ended);
    assertThat(ended.said())
        .containsPattern(
            "failure 1 at or after step 8: executor \\d+ on localhost \\(rank 0\\) was lost: "
                + "Command exited with code 137 \\(SIGKILL: often out of memory, or preempted\\)")
        .containsPattern("resumed from the checkpoint of step [48] on 2 executors");
  }

  /**
   * CUDA cannot be used in its process any more: it ends, Spark starts another one, and the run
   * goes on.
   */
  @Test
  void anExecutorWhoseDeviceFailsIsReplaced() throws IOException {
    FaultyCluster.Ended ended = cluster.train("device", List.of("rank-1 after-step-10 device"));
    endsWithTheSameBits(ended);
    assertThat(ended.said())
        .containsPattern(
            "failure 1 at or after step 8: .*cuda:0 has an error of its hardware \\(CUDA error:"
                + " uncorrectable ECC error encountered\\); look for it in nvidia-smi -q")
        .containsPattern("resumed from the checkpoint of step [48] on 2 executors")
        .doesNotContain("failure 2 ");
  }

  /** Another process would find the same: the run ends, in one sentence. */
  @Test
  void aDeviceWithoutMemoryEndsTheRun() throws IOException {
    FaultyCluster.Ended ended = cluster.train("memory", List.of("rank-0 after-step-5 memory"));
    assertThat(ended.said()).doesNotContain("resumed from");
    assertThat(ended.failure().category()).isEqualTo(ErrorCategory.INFRASTRUCTURE);
    assertThat(ended.failure())
        .hasMessageContaining(
            "cuda:0 is out of memory (CUDA out of memory. Tried to allocate 2.00 GiB); set a"
                + " smaller train.lane-batch");
  }

  /** Bad luck that does not end must: in one sentence, and without losing what there is. */
  @Test
  void failuresAreCounted() throws IOException {
    List<String> schedule =
        List.of("rank-0 after-step-5 exception", "rank-1 after-step-6 exception");
    FaultyCluster.Ended ended = cluster.train("counted", schedule, "--set=cluster.max-failures=1");
    assertThat(ended.failure().category()).isEqualTo(ErrorCategory.INTERNAL);
    assertThat(ended.failure())
        .hasMessageMatching(
            "gave up after 2 failures \\(cluster.max-failures = 1\\); the last one: rank 1"
                + WHERE
                + "java.lang.IllegalStateException: an exception on purpose; a new start with the"
                + " same output.path resumes from the newest checkpoint");
    assertThat(CommandLine.result(ended.run()).get("status")).isEqualTo("failed");
    assertThat(Files.readString(ended.run().resolve("metrics/executors.jsonl")))
        .as("the failure after which no step was taken, too")
        .containsPattern("rank 0 [^\n]*an exception on purpose[^\n]*rank 1 [^\n]*an exception");
    endsWithTheSameBits(cluster.train("counted", List.of()));
  }

  /** As when the job is started twice: the later start goes on, the earlier ends. */
  @Test
  void whoWasTakenOverEndsAndLeavesTheFolderAlone() throws IOException {
    List<String> schedule = List.of("rank-0 after-step-9 takeover");
    FaultyCluster.Ended ended = cluster.train("taken-over", schedule);
    assertThat(ended.said())
        .containsPattern(
            "failure 1 at or after step \\d+: rank 0"
                + WHERE
                + "attempt 1 of job [0-9a-f]{16} may not write below \\S+/taken-over any more:"
                + " attempt 1 of job another-start may");
    assertThat(ended.failure().category()).isEqualTo(ErrorCategory.CONFIGURATION);
    assertThat(ended.failure())
        .hasMessageMatching(
            "another start of this run \\(job another-start\\) has taken over output.path \\S+;"
                + " this one \\(job [0-9a-f]{16}\\) ends and leaves it alone");
    assertThat(ended.run().resolve("result.json")).doesNotExist();
    assertThat(ended.run().resolve("checkpoints/step-000000008")).exists();
    assertThat(ended.run().resolve("checkpoints/step-000000012")).doesNotExist();
    endsWithTheSameBits(cluster.train("taken-over", List.of()));
  }

  @Test
  void aStragglerIsReportedWithHostAndCauseAndChangesNoBit() throws IOException {
    List<String> schedule = List.of("rank-1 from-step-0 slow 200");
    FaultyCluster.Ended ended =
        cluster.train(
            "straggler",
            schedule,
            "--set=metrics.straggler-factor=4",
            "--set=metrics.straggler-window-seconds=0.5");
    endsWithTheSameBits(ended);
    assertThat(ended.said())
        .doesNotContain("failure ", "rank 0 on")
        .containsPattern(
            "rank 1 on 127\\.0\\.0\\.1:\\d+ delays the others: in steps \\d+ to \\d+ it needed"
                + " [0-9.]+ ms for a lane batch, the median of the others is [0-9.]+ ms; mostly"
                + " waiting for data \\([0-9.]+ of [0-9.]+ s\\): its disk, its network or its"
                + " decoding is slow");
    assertThat(Files.readAllLines(ended.run().resolve("metrics/ranks-000000004-000000007.jsonl")))
        .hasSize(2)
        .allMatch(line -> line.contains("\"dataWaitSeconds\":"));
  }

  /** A rate that no network can bear; then the same run, told to skip such steps. */
  @Test
  void aStepThatIsNotFiniteIsNamedAndTheLastCheckpointKept() throws IOException {
    String[] diverging = {
      "--set=schedule.base-lr=1000",
      "--set=schedule.scaling=none",
      "--set=checkpoint.interval-steps=1",
    };
    FaultyCluster.Ended ended = cluster.train("not-finite", List.of(), diverging);
    assertThat(ended.failure().category()).isEqualTo(ErrorCategory.INTERNAL);
    assertThat(ended.failure())
        .hasMessageMatching(
            "rank \\d on \\S+: step \\d+ \\(epoch 0\\) is not finite: "
                + "(loss|gradient|loss and gradient) of lane \\d \\(samples \\d+ and \\d+\\).*"
                + " start again from the last checkpoint");
    assertThat(ended.said()).doesNotContain("failure ");
    assertThat(((Map<?, ?>) CommandLine.result(ended.run()).get("error")).get("message"))
        .isEqualTo(ended.failure().getMessage());
    assertThat(ended.run().resolve("checkpoints/step-000000001/MANIFEST.json")).exists();

    String[] skipping = Arrays.copyOf(diverging, 4);
    skipping[3] = "--set=train.non-finite=skip";
    FaultyCluster.Ended skipped = cluster.train("not-finite", List.of(), skipping);
    assertThat(skipped.failure()).as(skipped.said()).isNull();
    assertThat(skipped.said()).contains("skipped an update: step ");
    assertThat((int) CommandLine.metric(skipped.run(), "skipped-steps")).isPositive();
  }
}
