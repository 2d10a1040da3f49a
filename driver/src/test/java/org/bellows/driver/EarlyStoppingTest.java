// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import org.bellows.worker.checkpoint.TrainingState;
import org.bellows.worker.files.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What evaluations decide, in one process: the decisions are the driver's. 6 steps an epoch. */
@Tag("integration")
@Timeout(600)
class EarlyStoppingTest {
  @TempDir static Path folder;

  private static Path dataset;

  @BeforeAll
  static void prepare() {
    dataset = TinyTree.prepare(folder);
  }

  private static Path train(String name, String... more) {
    Path run = folder.resolve(name);
    List<String> all = new ArrayList<>(List.of("--set=checkpoint.keep-last=1000"));
    all.add("--set=schedule.warmup=none");
    all.addAll(List.of(more));
    String[] args = TinyTree.train(dataset, run, 1, all.toArray(String[]::new));
    String[] local = Arrays.copyOf(args, args.length + 1);
    local[args.length] = "--master=local[1]";
    CommandLine.Said said = CommandLine.run(local);
    assertThat(said.exitCode()).as(said.err()).isZero();
    return run;
  }

  /** A rate of 0: no epoch is better than the first. */
  private static final String[] STANDSTILL = {
    "--set=train.epochs=9", "--set=train.early-stopping-epochs=2", "--set=schedule.base-lr=0"
  };

  @Test
  void aRunThatGetsNoBetterEndsAndStaysEnded() throws IOException {
    Path run = train("standstill", STANDSTILL);
    assertThat(CommandLine.metric(run, "epochs")).isEqualTo(3);
    assertThat(CommandLine.metric(run, "steps")).isEqualTo(18);
    assertThat(Files.readString(run.resolve("notes.json")))
        .contains("stopped after epoch 3 of 9: 2 epochs without a better top-1 than in epoch 1");
    train("standstill", STANDSTILL);
    assertThat(CommandLine.metric(run, "steps")).isEqualTo(18);
  }

  /** The driver died before it had logged the evaluation of the checkpoint's epoch. */
  @Test
  void anInterruptedRunDecidesAsOneThatWasNot() throws IOException {
    Path run = train("interrupted", STANDSTILL);
    Path log = run.resolve("metrics/evaluations.jsonl");
    List<String> lines = Files.readAllLines(log);
    assertThat(lines).hasSize(3);
    Files.write(log, lines.subList(0, 1));
    Files.deleteIfExists(run.resolve("metrics/.evaluations.jsonl.crc"));
    FileUtils.deleteDirectory(run.resolve("checkpoints/step-000000018").toFile());
    FileUtils.deleteDirectory(run.resolve("checkpoints/step-000000016").toFile());
    train("interrupted", STANDSTILL);
    assertThat(Files.readAllLines(log)).isEqualTo(lines);
    assertThat(CommandLine.metric(run, "steps")).isEqualTo(18);
  }

  /** The first update goes so far that no later step is finite, and no answer. */
  @Test
  void withoutFiniteAnswersThereIsNoBestAndTheRunSaysSo() throws IOException {
    Path run =
        train(
            "broken",
            "--set=train.epochs=9",
            "--set=train.early-stopping-epochs=2",
            "--set=train.save=best",
            "--set=train.non-finite=skip",
            "--set=checkpoint.keep-best=1",
            "--set=schedule.scaling=none",
            "--set=schedule.base-lr=1000");
    assertThat(CommandLine.metric(run, "epochs")).isEqualTo(3);
    assertThat(CommandLine.metric(run, "model-epoch")).isEqualTo(1);
    assertThat(CommandLine.metric(run, "top1")).isEqualTo(0.0);
    assertThat(CommandLine.metric(run, "top5")).isEqualTo(0.0);
    assertThat(CommandLine.metric(run, "loss")).isNull();
    assertThat(CommandLine.metric(run, "training-loss")).isNull();
    assertThat(CommandLine.metric(run, "answers-not-finite")).isEqualTo(24);
    assertThat(Files.readString(run.resolve("notes.json")))
        .contains(
            "stopped after epoch 3 of 9: 2 epochs without an evaluation in which all answers are"
                + " finite",
            "in 3 of 3 evaluations (the first after epoch 1) the network gave answers that are not"
                + " finite (NaN or infinite), up to 24 of them",
            "train.save = best found no evaluation in which all answers are finite; the model is"
                + " that of epoch 1");
    assertThat(run.resolve("checkpoints/best")).doesNotExist();
    assertThat(Files.readString(run.resolve("report.html")))
        .contains("24 of 24 answers are not finite");
  }

  /** A high constant rate over 24 samples: accuracy goes up and down, or stays. */
  @Test
  void theModelIsThatOfTheBestEvaluation() throws IOException {
    String[] more = {
      "--set=train.epochs=10",
      "--set=train.save=best",
      "--set=schedule.base-lr=2",
      "--set=schedule.decay=constant"
    };
    Path run = train("best", more);
    double best = -1;
    int epoch = 0;
    for (String line : Files.readAllLines(run.resolve("metrics/evaluations.jsonl"))) {
      Map<?, ?> evaluation = Json.read(line.getBytes(StandardCharsets.UTF_8), Map.class, "line");
      double top1 = (double) evaluation.get("top1");
      if (top1 > best) {
        best = top1;
        epoch = (int) evaluation.get("epoch");
      }
    }
    assertThat(epoch).as("an epoch that is not the last, or nothing is shown").isLessThan(10);
    assertThat(CommandLine.metric(run, "model-epoch")).isEqualTo(epoch);
    assertThat(CommandLine.metric(run, "epochs")).isEqualTo(10);
    assertThat(CommandLine.metric(run, "top1")).isEqualTo(best);
    Path state = run.resolve("checkpoints/step-%09d/state.json".formatted(epoch * 6));
    TrainingState checkpoint = Json.read(Files.readAllBytes(state), TrainingState.class, state);
    assertThat(CommandLine.metric(run, "parameters-sha256"))
        .isEqualTo(checkpoint.parametersSha256());
    Object sha256 = CommandLine.metric(run, "parameters-sha256");
    train("best", more);
    assertThat(CommandLine.metric(run, "parameters-sha256")).isEqualTo(sha256);
    assertThat(CommandLine.metric(run, "top1")).isEqualTo(best);
  }

  @Test
  void theMovingAverageIsTheModel() throws IOException {
    Path plain = train("plain");
    Path averaged = train("averaged", "--set=optimizer.average-decay=0.9");
    assertThat(CommandLine.metric(averaged, "training-loss"))
        .isEqualTo(CommandLine.metric(plain, "training-loss"));
    assertThat(CommandLine.metric(averaged, "parameters-sha256"))
        .isNotEqualTo(CommandLine.metric(plain, "parameters-sha256"));
    assertThat(CommandLine.metric(averaged, "loss"))
        .isNotEqualTo(CommandLine.metric(plain, "loss"));
  }
}
