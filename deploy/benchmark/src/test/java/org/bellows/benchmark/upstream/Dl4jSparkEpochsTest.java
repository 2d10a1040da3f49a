// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bellows.benchmark.Dl4jNetwork;
import org.bellows.data.render.SyntheticTree;
import org.bellows.driver.command.Bellows;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train} with {@code sync.mode = dl4j-spark}, in one process. */
@Tag("integration")
class Dl4jSparkEpochsTest {
  private static final int EPOCHS = 4;

  @TempDir static Path folder;

  private static String helpers;

  @BeforeAll
  static void prepare() {
    helpers = Dl4jNetwork.switchHelpersOff();
    SyntheticTree.render(folder.resolve("raw"), 40, 7);
    assertThat(bellows("prepare", "source.path=" + folder.resolve("raw"))).isZero();
  }

  @AfterAll
  static void restore() {
    Dl4jNetwork.restoreHelpers(helpers);
  }

  private static int bellows(String command, String... settings) {
    List<String> arguments = new ArrayList<>(List.of(command, "--master", "local[1]"));
    arguments.addAll(
        List.of("--profile", "quickstart", "--set", "data.path=" + folder.resolve("data")));
    arguments.addAll(List.of("--set", "cluster.executors=1"));
    for (String setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
    return Bellows.run(arguments.toArray(String[]::new));
  }

  private static int train(String output, String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "output.path=" + folder.resolve(output),
                "sync.mode=dl4j-spark",
                "sync.period-steps=2",
                "train.epochs=" + EPOCHS,
                "train.global-batch=16",
                "train.lane-batch=16",
                "train.validation-split=test",
                "train.step-engine=dl4j",
                "optimizer.name=nesterov",
                "schedule.scaling=none",
                "schedule.base-lr=0.02",
                "schedule.warmup=none",
                "schedule.decay=constant"));
    settings.addAll(List.of(more));
    return bellows("train", settings.toArray(String[]::new));
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(Files.readAllBytes(file));
  }

  @Test
  void aRunIsEvaluatedKeptAndReportedAsAnyOther() throws IOException {
    assertThat(train("run")).isZero();
    Path run = folder.resolve("run");
    JsonNode metrics = json(run.resolve("result.json")).get("metrics");
    assertThat(metrics.get("epochs").asInt()).isEqualTo(EPOCHS);
    assertThat(metrics.get("images-per-second").asDouble()).isPositive();
    // Eight classes.
    assertThat(metrics.get("top1").asDouble()).isGreaterThan(0.4);
    assertThat(run.resolve("report.html")).isNotEmptyFile();
    assertThat(json(run.resolve("model/model.json")).get("provenance").get("trainer").asText())
        .startsWith("dl4j-spark's ParameterAveragingTrainingMaster");
    List<String> evaluations = Files.readAllLines(run.resolve("metrics/evaluations.jsonl"));
    assertThat(evaluations).hasSize(EPOCHS);
    assertThat(new ObjectMapper().readTree(evaluations.get(EPOCHS - 1)).get("top1"))
        .isEqualTo(metrics.get("top1"));

    // The parameters are in the order in which Bellows has them: its own engine gives the same.
    assertThat(
            bellows(
                "evaluate",
                "model.path=" + run,
                "evaluate.split=test",
                "output.path=" + folder.resolve("evaluation")))
        .isZero();
    assertThat(json(folder.resolve("evaluation/result.json")).get("metrics").get("top1"))
        .isEqualTo(metrics.get("top1"));
  }

  @Test
  void aRunThatDivergesEndsAndSaysSo() throws IOException {
    assertThat(train("diverged", "schedule.base-lr=1000")).isEqualTo(1);
    assertThat(json(folder.resolve("diverged/result.json")).toString())
        .contains("after epoch 1 parameters are not finite; lower schedule.base-lr");
  }
}
