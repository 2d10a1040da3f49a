// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bellows.worker.files.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From pictures to an evaluated network, on real executors. */
@Tag("integration")
@Tag("instructions")
@Tag("once")
@Timeout(600)
class EndToEndTest {
  @TempDir static Path folder;

  private static Path dataset;

  /** On two executors. */
  private static Path two;

  /** On two executors, of pictures with any number of labels. */
  private static Path labelled;

  /** Of it on two executors. */
  private static CommandLine.Said evaluation;

  @BeforeAll
  static void prepareTrainAndEvaluate() {
    dataset = TinyTree.prepare(folder);
    try (TwoExecutors executors = TwoExecutors.start()) {
      two = train(2, "run-on-2");
      labelled = ManyLabels.train(ManyLabels.prepare(folder), folder.resolve("labels-on-2"), 2);
      evaluation =
          CommandLine.run(
              "evaluate",
              "--set=model.path=" + two,
              "--set=data.path=" + dataset,
              "--set=output.path=" + folder.resolve("evaluation"),
              "--set=evaluate.split=validation",
              TwoExecutors.MEMORY);
    }
  }

  /** The promise of the project: the parameters depend on configuration and data alone. */
  @Test
  void theSameRunOnOneTwoAndThreeExecutorsEndsWithTheSameBits() throws IOException {
    Object one = sha256(TinyTree.trained());
    assertThat(sha256(two)).isEqualTo(one);
    assertThat(sha256(train(3, "run-on-3"))).isEqualTo(one);
    assertThat(sha256(train(1, "other-seed", "--set=train.seed=2"))).isNotEqualTo(one);
  }

  /** The whole way with pictures of any number of labels; on one executor the same bits. */
  @Test
  void picturesOfAnyNumberOfLabelsGoTheWholeWay() throws IOException {
    Path one = ManyLabels.train(folder.resolve("labels"), folder.resolve("labels-on-1"), 1);
    assertThat(sha256(labelled)).isEqualTo(sha256(one));
    for (String metric : List.of("map", "micro-f1", "macro-recall", "loss")) {
      assertThat(CommandLine.metric(labelled, metric))
          .as(metric)
          .isEqualTo(CommandLine.metric(one, metric));
    }
    assertThat(CommandLine.result(one).get("metrics").toString()).doesNotContain("top1");
    assertThat(Files.readString(one.resolve("report.html")))
        .contains("Precision by recall", "best threshold", "mAP", "Worst mistakes");
    ManyLabels.evaluateAndPredict(folder.resolve("labels"), one, folder);
  }

  /** 6 steps an epoch: averaged twice within one, and at its end. */
  @Test
  void averagedParametersDoNotDependOnTheNumberOfExecutorsEither() throws IOException {
    String[] averaging = {"--set=sync.mode=averaging", "--set=sync.period-steps=4"};
    Path one = train(1, "averaged-on-1", averaging);
    Path three = train(3, "averaged-on-3", averaging);
    assertThat(sha256(three)).isEqualTo(sha256(one));
    assertThat(CommandLine.metric(three, "loss")).isEqualTo(CommandLine.metric(one, "loss"));
    assertThat(CommandLine.metric(three, "steps")).isEqualTo(18);
  }

  /** One executor is this process. */
  private static Path train(int executors, String name, String... more) {
    Path run = folder.resolve(name);
    List<String> all = new ArrayList<>(List.of(more));
    if (executors == 1) {
      all.add("--master=local[1]");
    }
    CommandLine.Said said =
        CommandLine.run(TinyTree.train(dataset, run, executors, all.toArray(String[]::new)));
    assertThat(said.exitCode()).as(said.err()).isZero();
    return run;
  }

  private static Object sha256(Path run) throws IOException {
    return CommandLine.metric(run, "parameters-sha256");
  }

  @Test
  void aRunLeavesAllThatItPromisesAndCanBeEvaluatedAndAsked() throws IOException {
    Path run = two;
    assertThat(CommandLine.result(run).get("status")).isEqualTo("succeeded");
    assertThat(CommandLine.result(run).get("command")).isEqualTo("train");
    assertThat(CommandLine.result(run).get("error")).isNull();
    Map<?, ?> metrics = (Map<?, ?>) CommandLine.result(run).get("metrics");
    assertThat(metrics.keySet().stream().map(String::valueOf))
        .contains(
            "top1", "top5", "loss", "epochs", "steps", "images-per-second", "parameters-sha256");
    assertThat(metrics.get("steps")).isEqualTo(18);
    assertThat(Files.readString(run.resolve("report.html")))
        .contains("<svg", "lenet5", "data:image/png");
    // 18 steps, a line each.
    try (Stream<Path> files = Files.list(run.resolve("metrics"))) {
      List<Path> steps =
          files.filter(f -> f.getFileName().toString().startsWith("steps-")).toList();
      long lines = 0;
      for (Path file : steps) {
        lines += Files.readAllLines(file).size();
      }
      assertThat(lines).isEqualTo(18);
    }
    evaluateAgrees(run, metrics);
    predictNamesClasses(run);
    reportIsDrawnAgain(run);
    trainingAgainHasNothingToDo(run, metrics);
  }

  private void evaluateAgrees(Path run, Map<?, ?> metrics) throws IOException {
    Path output = folder.resolve("evaluation");
    assertThat(evaluation.exitCode()).as(evaluation.err()).isZero();
    assertThat(evaluation.out()).startsWith("validation: 24 images  top-1 ");
    assertThat(CommandLine.metric(output, "top1")).isEqualTo(metrics.get("top1"));
    assertThat(CommandLine.metric(output, "loss")).isEqualTo(metrics.get("loss"));
    assertThat(Files.readString(output.resolve("report.html")))
        .contains(
            "Bellows · evaluate", "Confusion matrix", ">split validation<", "<dt>parameters</dt>")
        .contains("<dt>duration</dt>", "<dt>finished</dt>", "<dt>Bellows</dt>");
    everyAnswerIsListed(run, output, metrics);
  }

  private void everyAnswerIsListed(Path run, Path output, Map<?, ?> metrics) throws IOException {
    List<Map<?, ?>> answers = new ArrayList<>();
    for (String line : Files.readAllLines(output.resolve("answers.jsonl"))) {
      answers.add(Json.read(line.getBytes(StandardCharsets.UTF_8), Map.class, "a line"));
    }
    assertThat(answers).extracting(answer -> answer.get("id")).hasSize(24).isSorted();
    assertThat(answers)
        .allSatisfy(
            answer -> {
              assertThat((String) answer.get("source"))
                  .startsWith("validation/" + answer.get("label") + "/");
              assertThat((Double) answer.get("probability")).isBetween(0.125, 1.0);
              assertThat(answer.get("rank").equals(1))
                  .isEqualTo(answer.get("answer").equals(answer.get("label")));
            });
    long right = answers.stream().filter(answer -> answer.get("rank").equals(1)).count();
    assertThat(right / 24.0).isEqualTo(metrics.get("top1"));
    Path alone = folder.resolve("evaluation-alone");
    CommandLine.Said said =
        CommandLine.run(
            "evaluate",
            "--master=local[1]",
            "--set=cluster.executors=1",
            "--set=model.path=" + run,
            "--set=data.path=" + dataset,
            "--set=output.path=" + alone,
            "--set=evaluate.split=validation");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(alone.resolve("answers.jsonl"))
        .as("whoever evaluated what")
        .hasSameBinaryContentAs(output.resolve("answers.jsonl"));
  }

  private void predictNamesClasses(Path run) throws IOException {
    try (Stream<Path> pictures = Files.walk(folder.resolve("raw/test"))) {
      Path picture = pictures.filter(Files::isRegularFile).findFirst().orElseThrow();
      CommandLine.Said said =
          CommandLine.run("predict", "--set=model.path=" + run, picture.toString());
      assertThat(said.exitCode()).as(said.err()).isZero();
      assertThat(said.out().lines()).hasSize(6);
      assertThat(said.out().lines().skip(1))
          .allMatch(line -> line.matches(" +\\d+\\.\\d\\d %  [a-z-]+"));
    }
  }

  private void reportIsDrawnAgain(Path run) throws IOException {
    String before = Files.readString(run.resolve("report.html"));
    Files.delete(run.resolve("report.html"));
    CommandLine.Said said = CommandLine.run("report", "--set=output.path=" + run);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(Files.readString(run.resolve("report.html"))).isEqualTo(before);
  }

  private void trainingAgainHasNothingToDo(Path run, Map<?, ?> metrics) throws IOException {
    train(1, run.getFileName().toString());
    assertThat(sha256(run)).isEqualTo(metrics.get("parameters-sha256"));
    assertThat(CommandLine.metric(run, "top1")).isEqualTo(metrics.get("top1"));
    assertThat(CommandLine.metric(run, "loss")).isEqualTo(metrics.get("loss"));
  }
}
