package org.bellows.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bellows.driver.command.FaultyCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Executors fail in every way there is; the bits are those of a run in which nothing happened. */
@Timeout(600)
class FaultsTest {
  @TempDir static Path folder;

  private static FaultyCluster cluster;
  private static Object undisturbed;

  @BeforeAll
  static void trainUndisturbed() throws IOException {
    cluster = new FaultyCluster(folder, 2, Map.of());
    FaultyCluster.Ended ended = cluster.train("undisturbed", List.of());
    assertThat(ended.said()).doesNotContain("failure");
    undisturbed = CommandLine.metric(ended.run(), "parameters-sha256");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  static List<String> schedule(String name) throws IOException {
    try (var in = FaultsTest.class.getResourceAsStream("/faults/" + name + ".txt")) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).lines().toList();
    }
  }

  @Test
  void whatFailsInsideExecutors() throws IOException {
    FaultyCluster.Ended ended = cluster.train("in-process", schedule("in-process"));
    System.err.println(ended.said());
    cluster.faults().fired().forEach(System.err::println);
    assertThat(ended.failure()).isNull();
    assertThat(CommandLine.metric(ended.run(), "parameters-sha256")).isEqualTo(undisturbed);
  }

  @Test
  void executorsThatDie() throws IOException {
    FaultyCluster.Ended ended = cluster.train("processes", schedule("processes"));
    System.err.println(ended.said());
    cluster.faults().fired().forEach(System.err::println);
    assertThat(ended.failure()).isNull();
    assertThat(CommandLine.metric(ended.run(), "parameters-sha256")).isEqualTo(undisturbed);
    assertThat(Files.exists(ended.run())).isTrue();
  }
}
