// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bellows.driver.spark.ExecutorLogs.LastWords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutorLogsTest {
  @TempDir Path home;

  private Path write(String executor, String... lines) throws IOException {
    Path folder = Files.createDirectories(home.resolve("work/app-1").resolve(executor));
    return Files.write(folder.resolve("stderr"), List.of(lines));
  }

  private ExecutorLogs logs() {
    return ExecutorLogs.of("app-1", Map.of("SPARK_HOME", home.toString()));
  }

  /** The cause stands last, whatever wraps it; frames name classes, too. */
  @Test
  void theCauseOfATraceIsTheLastWord() throws IOException {
    Path log =
        write(
            "11",
            "Spark Executor Command: \"java\" \"-cp\" \"x\"",
            "12:00:01 ERROR Executor: cannot start",
            "Exception in thread \"main\" java.lang.reflect.UndeclaredThrowableException",
            "\tat org.apache.spark.deploy.SparkHadoopUtil.runAsSparkUser(SparkHadoopUtil.scala:60)",
            "Caused by: java.lang.UnsatisfiedLinkError: no jnind4jcpu in java.library.path: /lib",
            "\tat java.base/java.lang.ClassLoader.loadLibrary(ClassLoader.java:2434)",
            "\t... 24 more");
    assertThat(logs().lastWords("11"))
        .contains(
            new LastWords(
                "11",
                log,
                "java.lang.UnsatisfiedLinkError: no jnind4jcpu in java.library.path: /lib"));
  }

  @Test
  void whatTheVirtualMachineOrALoggerCallsAnErrorCountsWithoutATrace() throws IOException {
    write(
        "0",
        "Spark Executor Command: \"java\" \"-cp\" \"x\"",
        "========================================",
        "",
        "Unrecognized VM option 'Nonsense'",
        "Error: Could not create the Java Virtual Machine.");
    assertThat(logs().lastWords("0").orElseThrow().error())
        .isEqualTo(
            "Unrecognized VM option 'Nonsense' Error: Could not create the Java Virtual Machine.");
    Files.writeString(home.resolve("work/app-1/0/stdout"), "Specify at least 136k\n");
    assertThat(logs().lastWords("0").orElseThrow().error()).startsWith("Specify at least 136k Unr");
    write("1", "12:00:01 ERROR DiskBlockManager: Failed to create any local dir.");
    assertThat(logs().lastWords("1").orElseThrow().error())
        .isEqualTo("DiskBlockManager: Failed to create any local dir.");
    write("2", "12:00:01 INFO BellowsPlugin: loaded");
    assertThat(logs().lastWords("2")).isEmpty();
    assertThat(logs().lastWords("3")).isEmpty();
  }

  @Test
  void theNewestExecutorComesFirstAndOnlyTheEndOfALogIsRead() throws IOException {
    write("9", "java.io.IOException: old");
    write("10", "java.io.IOException: new");
    Files.createDirectories(home.resolve("work/app-1/blocks"));
    assertThat(logs().executors()).containsExactly("10", "9");
    String[] many = new String[2000];
    java.util.Arrays.fill(many, "java.io.IOException: " + "x".repeat(200));
    many[1999] = "java.io.IOException: the end";
    write("12", many);
    assertThat(logs().lastWords("12").orElseThrow().error())
        .isEqualTo("java.io.IOException: the end");
    write("13", "java.io.IOException: " + "y".repeat(1000));
    assertThat(logs().lastWords("13").orElseThrow().error()).endsWith("yyy ...").hasSize(304);
  }

  /** Whoever waits for executors may begin before the worker has made the first one's folder. */
  @Test
  void whatIsWrittenLaterIsFound() throws IOException {
    ExecutorLogs early = logs();
    assertThat(early.executors()).isEmpty();
    assertThat(early.lastWords("0")).isEmpty();
    write("0", "java.io.IOException: late");
    assertThat(early.executors()).containsExactly("0");
    assertThat(early.lastWords("0").orElseThrow().error()).isEqualTo("java.io.IOException: late");
  }

  @Test
  void withoutWorkersOnThisMachineNothingIsKnown() {
    ExecutorLogs none = ExecutorLogs.of("app-2", Map.of("SPARK_HOME", home.toString()));
    assertThat(none.executors()).isEmpty();
    assertThat(none.lastWords("0")).isEmpty();
    assertThat(ExecutorLogs.of("app-1", Map.of()).executors()).isEmpty();
  }
}
