package org.bellows.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.bellows.driver.command.Bellows;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes are killed; the bits at the end are those of a run in which nothing happened. */
@Timeout(600)
class RecoveryTest {
  /** Enough epochs that a kill hits the middle: 6 steps each. */
  private static final String[] LONGER = {
    "--set=train.epochs=20", "--set=checkpoint.keep-last=1000", "--set=train.validation-split="
  };

  @TempDir static Path folder;

  private static Path dataset;
  private static Object undisturbed;

  @BeforeAll
  static void prepareAndTrainUndisturbed() throws IOException {
    dataset = TinyTree.prepare(folder);
    Path run = folder.resolve("undisturbed");
    CommandLine.Said said = CommandLine.run(TinyTree.train(dataset, run, 2, LONGER));
    assertThat(said.exitCode()).as(said.err()).isZero();
    undisturbed = CommandLine.metric(run, "parameters-sha256");
  }

  @Test
  void aRunWhoseDriverIsKilledGoesOnFromAMidEpochCheckpointOnOtherExecutors() throws Exception {
    Path run = folder.resolve("driver-killed");
    Process process = start(TinyTree.train(dataset, run, 2, LONGER));
    awaitCheckpoint(run, 16);
    process.destroyForcibly().waitFor();
    keepUpTo(run, 16);
    assertThat(run.resolve("result.json")).doesNotExist();

    CommandLine.Said said = CommandLine.run(TinyTree.train(dataset, run, 3, LONGER));
    assertThat(said.exitCode()).as(said.err()).isZero();
    // Step 16 lies in the middle of the third epoch.
    assertThat(said.err()).contains("resumed from the checkpoint of step 16 on 3 executors");
    assertThat(CommandLine.metric(run, "parameters-sha256")).isEqualTo(undisturbed);
  }

  @Test
  void aRunGoesOnWhenAnExecutorIsKilled() throws Exception {
    Path run = folder.resolve("executor-killed");
    CompletableFuture<CommandLine.Said> training =
        CompletableFuture.supplyAsync(
            () -> CommandLine.run(TinyTree.train(dataset, run, 2, LONGER)));
    awaitCheckpoint(run, 16);
    executor().orElseThrow().destroyForcibly();
    CommandLine.Said said = training.get(500, TimeUnit.SECONDS);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.err()).contains("failure 1 at or after step ", "resumed from the checkpoint");
    assertThat(CommandLine.metric(run, "parameters-sha256")).isEqualTo(undisturbed);
    assertThat(Files.readString(run.resolve("report.html"))).contains("failure 1 at or after");
  }

  /**
   * Real executors are children of this process: Spark's local-cluster starts them here. Their
   * command lines are longer than what ProcessHandle can tell.
   */
  private static Optional<ProcessHandle> executor() {
    return ProcessHandle.current().descendants().filter(RecoveryTest::isExecutor).findFirst();
  }

  private static boolean isExecutor(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
          .contains("CoarseGrainedExecutorBackend");
    } catch (IOException e) {
      return false;
    }
  }

  private static Process start(String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Bellows.class.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(new File(folder.toFile(), "killed-driver.log"))
        .start();
  }

  private static void awaitCheckpoint(Path run, int step) throws Exception {
    Path manifest = run.resolve("checkpoints/step-%09d/MANIFEST.json".formatted(step));
    for (int i = 0; i < 1200 && !Files.exists(manifest); i++) {
      Thread.sleep(100);
    }
    assertThat(manifest).exists();
  }

  /** However fast the run was, it is resumed from here. */
  private static void keepUpTo(Path run, int step) throws IOException {
    try (var checkpoints = Files.list(run.resolve("checkpoints"))) {
      for (Path checkpoint : checkpoints.toList()) {
        if (checkpoint.getFileName().toString().compareTo("step-%09d".formatted(step)) > 0) {
          FileUtils.deleteDirectory(checkpoint.toFile());
        }
      }
    }
  }
}
