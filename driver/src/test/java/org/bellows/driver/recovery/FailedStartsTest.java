// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.driver.CommandLine;
import org.bellows.driver.TinyTree;
import org.bellows.driver.spark.MonitoredJob;
import org.bellows.driver.spark.SparkContexts;
import org.bellows.driver.train.ClusterReadiness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Executors that die while they start: Spark starts another in the place of each, for ever. */
@Tag("slow")
@Timeout(300)
class FailedStartsTest {
  private static final String JAVA_OPTIONS = "spark.executor.extraJavaOptions";

  /** Java takes unknown options here, but not this one. */
  private static final String TOO_LITTLE = "-Xss1k";

  @TempDir Path folder;

  private String before;

  @BeforeEach
  void remember() {
    before = System.getProperty(JAVA_OPTIONS);
  }

  @AfterEach
  void restore() {
    System.setProperty(JAVA_OPTIONS, before);
  }

  private static void also(String option) {
    System.setProperty(JAVA_OPTIONS, System.getProperty(JAVA_OPTIONS) + " " + option);
  }

  private CommandLine.Said prepare(String dataset) {
    return CommandLine.run(
        "prepare",
        "--set=source.path=" + TinyTree.render(folder.resolve("raw")),
        "--set=data.path=" + folder.resolve(dataset),
        "--set=cluster.executor-memory-mebibytes=768");
  }

  /** They never register. */
  /** Spark names applications by the second, and does not take a folder that is there. */
  @BeforeEach
  void awaitTheNextSecond() throws InterruptedException {
    Thread.sleep(1000 - System.currentTimeMillis() % 1000);
  }

  @Test
  void executorsWhoseJavaDoesNotStartEndTheCommand() throws IOException {
    also(TOO_LITTLE);
    CommandLine.Said said = prepare("java");
    assertThat(said.exitCode()).as(said.err()).isEqualTo(4);
    assertThat(said.err())
        .containsPattern(
            "bellows: \\d+ executors of local-cluster\\[2,1,768\\] ended while they started, and 0"
                + " of 2 are ready, needed at least 1 \\(gave up after \\d+ s\\); the last words of"
                + " executor \\d+: The Java thread stack size specified is too small.* Error: Could not"
                + " create.*\\(its log:"
                + " \\S+/app-\\S+/\\d+/stderr\\)")
        .doesNotContain("\tat ");
    assertThat(CommandLine.result(folder.resolve("java")).get("status")).isEqualTo("failed");
  }

  /** They register, then find that a native library cannot be loaded. */
  @Test
  void executorsWithoutALibraryEndTheCommand() {
    also("-Dorg.bytedeco.javacpp.cachedir=/proc/none -Djava.io.tmpdir=/proc/none");
    CommandLine.Said said = prepare("library");
    assertThat(said.exitCode()).as(said.err()).isEqualTo(4);
    assertThat(said.err())
        .containsPattern(
            "bellows: \\d+ executors of local-cluster\\S+ ended while they started.*; the last words"
                + " of executor \\d+: \\S+(Error|Exception)");
  }

  /** The first does its work for a while; its successors find another Java option. */
  @Test
  void aJobWhoseExecutorsCannotBeReplacedEnds() throws IOException {
    Path options = Files.createFile(folder.resolve("options"));
    also("-XX:VMOptionsFile=" + options);
    Settings settings =
        new SettingsLoader()
            .set(List.of("cluster.executors=1", "cluster.executor-memory-mebibytes=768"))
            .load(List.of(), List.of());
    try (JavaSparkContext spark = SparkContexts.open("one", settings, null)) {
      assertThat(ClusterReadiness.await(spark, settings.cluster(), 1)).isEqualTo(1);
      Files.writeString(options, TOO_LITTLE);
      assertThatThrownBy(
              () ->
                  MonitoredJob.run(
                      spark,
                      settings.cluster(),
                      () -> spark.parallelize(List.of(1), 1).map(FailedStartsTest::exit).collect()))
          .isInstanceOfSatisfying(
              BellowsException.class,
              failure -> assertThat(failure.category()).isEqualTo(ErrorCategory.INFRASTRUCTURE))
          .hasMessageContaining("executors of local-cluster[1,1,768] ended while they started")
          .hasMessageContaining("Could not create the Java Virtual Machine");
    }
  }

  private static int exit(int ignored) {
    Runtime.getRuntime().halt(1);
    return ignored;
  }
}
