// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bellows.driver.CommandLine;
import org.bellows.driver.command.Bellows;
import org.bellows.driver.command.FaultyCluster;
import org.bellows.driver.fault.FaultSchedule;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The driver is a process of its own that dies; the job is started again. */
@Tag("alone")
@Timeout(600)
class DriverLossTest {
  private static final int KILLED = 128 + 9;
  private static final int TERMINATED = 128 + 15;

  @TempDir static Path folder;

  private static Path dataset;
  private static Object undisturbed;
  private static FaultSchedule faults;

  @BeforeAll
  static void trainUndisturbed() throws IOException {
    try (FaultyCluster alone = new FaultyCluster(folder, 1, Map.of())) {
      FaultyCluster.Ended ended = alone.train("undisturbed", List.of());
      assertThat(ended.failure()).as(ended.said()).isNull();
      undisturbed = CommandLine.metric(ended.run(), "parameters-sha256");
      dataset = alone.dataset();
      faults = alone.faults();
    }
  }

  private static Path run() {
    return folder.resolve("runs/driver-lost");
  }

  private record Died(int exitCode, String said) {}

  private static Died start(int executors, String... more) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    FaultyCluster.properties(folder).forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Bellows.class.getName()));
    command.addAll(Arrays.asList(FaultyCluster.arguments(dataset, run(), executors, more)));
    if (executors == 1) {
      command.add("--master=local[1]");
    }
    File log = folder.resolve("driver.log").toFile();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
    return new Died(process.exitValue(), Files.readString(log.toPath()));
  }

  /**
   * First on two executors, which see the driver go and end; then in one process, where what writes
   * the checkpoint dies with it; at last on three executors.
   */
  @Test
  void atAnyMomentOfACheckpointAndToldToEnd() throws Exception {
    faults.begin(
        List.of(
            "driver writing-checkpoint-4 kill",
            "driver committing-checkpoint-8 kill",
            "driver committed-checkpoint-12 kill",
            "driver after-step-17 term",
            "driver after-step-22 term"));
    Died writing = start(2);
    assertThat(writing.exitCode()).as(writing.said()).isEqualTo(KILLED);
    assertThat(checkpoints()).doesNotContain("step-000000004");

    Died committing = start(1);
    assertThat(committing.exitCode()).as(committing.said()).isEqualTo(KILLED);
    assertThat(committing.said()).doesNotContain("resumed");
    assertThat(checkpoints()).containsExactly(".tmp-", "step-000000004");

    Died committed = start(1);
    assertThat(committed.exitCode()).as(committed.said()).isEqualTo(KILLED);
    assertThat(committed.said()).contains("resumed from the checkpoint of step 4 on 1 executors");
    assertThat(checkpoints()).containsExactly("step-000000004", "step-000000008", "step-000000012");
    assertThat(run().resolve("result.json")).doesNotExist();

    Died told = start(1);
    assertThat(told.exitCode()).as(told.said()).isEqualTo(TERMINATED);
    assertThat(told.said()).contains("resumed from the checkpoint of step 12 on 1 executors");
    saysThatItWasToldToEnd();
    assertThat(checkpoints()).endsWith("step-000000020");

    Died toldAtOnce = start(1, "--set=cluster.stop-grace-seconds=0");
    assertThat(toldAtOnce.exitCode()).as(toldAtOnce.said()).isEqualTo(TERMINATED);
    saysThatItWasToldToEnd();

    CommandLine.Said last = CommandLine.run(FaultyCluster.arguments(dataset, run(), 3));
    assertThat(last.exitCode()).as(last.err()).isZero();
    // Told to end at once, the driver may or may not have come to see the last segment's end.
    assertThat(last.err())
        .containsPattern("resumed from the checkpoint of step 2[04] on 3 executors");
    assertThat(CommandLine.metric(run(), "parameters-sha256")).isEqualTo(undisturbed);
  }

  private static void saysThatItWasToldToEnd() throws IOException {
    Map<?, ?> error = (Map<?, ?>) CommandLine.result(run()).get("error");
    assertThat(error.get("category")).isEqualTo("infrastructure");
    assertThat(error.get("message"))
        .isEqualTo(
            "the driver was told to end (SIGTERM or SIGINT) and stopped after step 20; a new start"
                + " with the same output.path resumes from the newest checkpoint");
  }

  /** Temporary folders without their random names. */
  private static List<String> checkpoints() throws IOException {
    try (var files = Files.list(run().resolve("checkpoints"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> !file.endsWith(".crc"))
          .map(file -> file.startsWith(".tmp-") ? ".tmp-" : file)
          .sorted()
          .toList();
    }
  }
}
