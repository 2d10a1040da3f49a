// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bellows.driver.CommandLine;
import org.bellows.driver.TinyTree;
import org.bellows.worker.files.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code benchmark scaling} on rendered pictures and real executors. */
@Tag("integration")
@Timeout(600)
class ScalingCommandTest {
  @TempDir private Path folder;

  private CommandLine.Said run(Path dataset, int globalBatch, int laneBatch) {
    return CommandLine.run(
        "benchmark",
        "scaling",
        "--rounds=1",
        "--warm-up-rounds=0",
        "--epochs=2",
        "--profile=quickstart",
        "--set=model.height-pixels=32",
        "--set=model.width-pixels=32",
        "--set=train.max-samples=48",
        "--set=train.global-batch=" + globalBatch,
        "--set=train.lane-batch=" + laneBatch,
        "--set=data.path=" + dataset,
        "--set=output.path=" + folder.resolve("scaling"));
  }

  @Test
  void eachRoundTrainsOnOneOnTwoAndOnHalf() throws IOException {
    CommandLine.Said said = run(TinyTree.prepare(folder), 24, 12);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out())
        .contains("one, the whole", "two, the whole", "one, two lanes at once", "one, half")
        .containsPattern(
            "strong \\d+\\.\\d{3}, weak \\d+\\.\\d{3}; two lanes at once on one executor \\d+\\.\\d{3}; two that");
    Path output = folder.resolve("scaling");
    for (String share : List.of("strong", "weak", "lanes-at-once")) {
      assertThat((Double) CommandLine.metric(output, share)).as(share).isPositive();
    }
    Map<?, ?> machine = (Map<?, ?>) CommandLine.metric(output, "machine");
    assertThat((Double) machine.get("share")).isPositive();
    assertThat((Double) machine.get("spread")).isPositive();
    // The same work on one and on two is the same training.
    assertThat(CommandLine.metric(output.resolve("runs/round-0-one"), "parameters-sha256"))
        .isNotNull()
        .isEqualTo(CommandLine.metric(output.resolve("runs/round-0-two"), "parameters-sha256"))
        .isEqualTo(CommandLine.metric(output.resolve("runs/round-0-at-once"), "parameters-sha256"));
    Map<?, ?> file =
        Json.read(Files.readAllBytes(output.resolve("benchmark-scaling.json")), Map.class, output);
    assertThat((List<?>) ((Map<?, ?>) file.get("rounds")).get("half")).hasSize(1);
    assertThat(((Map<?, ?>) file.get("medians")).get("machine")).isEqualTo(machine);
  }

  @Test
  void aBatchThatCannotBeHalvedIsRefused() {
    CommandLine.Said said = run(folder.resolve("nothing"), 27, 9);
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err()).contains("train.global-batch even");
  }
}
