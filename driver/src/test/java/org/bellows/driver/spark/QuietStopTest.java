// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.bellows.data.render.SyntheticTree;
import org.bellows.driver.command.Bellows;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes of their own: what Spark's threads log while a process ends is heard in no other. */
@Tag("integration")
@Timeout(120)
@Tag("lines")
class QuietStopTest {
  private record Ended(int exitCode, String said) {}

  private static Ended run(Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    return run(List.of(), main, arguments);
  }

  /**
   * @param options of Java, which win over this process's own
   */
  private static Ended run(List<String> options, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), said);
  }

  /** While executors start, and when they have just registered. */
  @ParameterizedTest
  @ValueSource(ints = {0, 600, 1200, 2400})
  void aLocalClusterIsStoppedWithoutAWord(int milliseconds)
      throws IOException, InterruptedException {
    Ended ended = run(StoppedAtOnceMain.class, Integer.toString(milliseconds));
    assertThat(ended.exitCode()).as(ended.said()).isZero();
    assertThat(ended.said()).doesNotContain("\tat ", " ERROR ", " WARN ", "Exception");
  }

  @Test
  void aRefusalIsOneSentence(@TempDir Path folder) throws IOException, InterruptedException {
    Ended ended =
        run(
            Bellows.class,
            "train",
            "--set=data.path=/no/such/data",
            "--set=output.path=" + folder.resolve("run"),
            "--set=model.name=lenet5",
            "--set=model.height-pixels=32",
            "--set=model.width-pixels=32");
    assertThat(ended.exitCode()).as(ended.said()).isEqualTo(3);
    assertThat(ended.said().strip())
        .isEqualTo("bellows: there is no dataset at file:/no/such/data: no such path");
  }

  @Test
  void aHeapThatIsTooSmallForSparkIsOneSentence(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path raw = folder.resolve("raw");
    SyntheticTree.render(raw, 8, 1);
    Ended ended =
        run(
            List.of("-Xmx128m"),
            Bellows.class,
            "prepare",
            "--master=local[1]",
            "--set=cluster.executors=1",
            "--set=source.path=" + raw,
            "--set=data.path=" + folder.resolve("data"));
    assertThat(ended.exitCode()).as(ended.said()).isEqualTo(1);
    assertThat(ended.said().strip())
        // Without what the collector keeps free to copy into.
        .startsWith("bellows: the heap of this process, 123 MiB, is too small for Spark; ")
        .hasLineCount(1);
  }

  @Test
  void whatSparkSaysIsHeardUntilThenAndWhenItIsStartedAgain() {
    // Another test of this process may have stopped a local cluster.
    QuietStop.end();
    Logger loud = LogManager.getLogger("org.apache.spark.deploy.worker.Worker");
    Logger other = LogManager.getLogger("org.apache.spark.SparkContext");
    assertThat(loud.isErrorEnabled()).isTrue();
    QuietStop.begin();
    try {
      assertThat(loud.isErrorEnabled()).isFalse();
      assertThat(other.isErrorEnabled()).isTrue();
    } finally {
      QuietStop.end();
    }
    assertThat(loud.isErrorEnabled()).isTrue();
  }
}
