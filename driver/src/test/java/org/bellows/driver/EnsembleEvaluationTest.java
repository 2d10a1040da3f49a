// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.bellows.worker.model.TrainedModel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several trained models that answer together, in one process. */
@Tag("integration")
@Timeout(600)
class EnsembleEvaluationTest {
  @TempDir static Path folder;

  private static Path dataset;
  private static Path one;
  private static Path other;

  @BeforeAll
  static void prepareAndTrain() {
    dataset = TinyTree.prepare(folder);
    one = TinyTree.trained();
    other = train("other", "--set=train.seed=2", "--set=loss.class-weights=balanced");
  }

  private static Path train(String name, String... more) {
    Path run = folder.resolve(name);
    List<String> all = new ArrayList<>(List.of(more));
    all.add("--set=train.epochs=1");
    all.add("--master=local[1]");
    CommandLine.Said said =
        CommandLine.run(TinyTree.train(dataset, run, 1, all.toArray(String[]::new)));
    assertThat(said.exitCode()).as(said.err()).isZero();
    return run;
  }

  private static CommandLine.Said evaluate(String name, Path... others) {
    return CommandLine.run(
        "evaluate",
        "--master=local[1]",
        "--set=cluster.executors=1",
        "--set=model.path=" + one,
        "--set=data.path=" + dataset,
        "--set=output.path=" + folder.resolve(name),
        "--set=evaluate.split=test",
        ensemble(others));
  }

  private static String ensemble(Path... others) {
    return "--set=evaluate.ensemble=" + Stream.of(others).map(p -> "\"" + p + "\"").toList();
  }

  /** 144 images of 8 classes, as many of each: balanced weights are 1. */
  @Test
  void theWeightsOfTheClassesArePartOfTheModelsProvenance() throws IOException {
    assertThat(Files.readString(other.resolve("model/model.json")))
        .contains("\"class weights\" : \"[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]\"");
    assertThat(Files.readString(one.resolve("model/model.json"))).doesNotContain("class weights");
  }

  @Test
  void aModelWithItselfIsThatModelAndTwoAreTwo() throws IOException {
    assertThat(evaluate("alone").out()).startsWith("test: 24 images  ").doesNotContain("models");
    assertThat(evaluate("itself", one, one).out())
        .containsPattern("loss [\\d.]+  \\(3 models\\)\n");
    CommandLine.Said said = evaluate("both", other);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(CommandLine.metric(folder.resolve("alone"), "models")).isEqualTo(1);
    assertThat(CommandLine.metric(folder.resolve("itself"), "models")).isEqualTo(3);
    assertThat(CommandLine.metric(folder.resolve("both"), "models")).isEqualTo(2);
    Object loss = CommandLine.metric(folder.resolve("alone"), "loss");
    assertThat(CommandLine.metric(folder.resolve("itself"), "loss")).isEqualTo(loss);
    assertThat(CommandLine.metric(folder.resolve("both"), "loss")).isNotEqualTo(loss);
  }

  /** Cross-entropy is convex: the loss of a mean is at most the mean of the losses. */
  @Test
  void theLossOfTwoIsAtMostTheMeanOfTheirs() throws IOException {
    assertThat(evaluate("first").exitCode()).isZero();
    assertThat(evaluate("together", other).exitCode()).isZero();
    CommandLine.Said said =
        CommandLine.run(
            "evaluate",
            "--master=local[1]",
            "--set=cluster.executors=1",
            "--set=model.path=" + other,
            "--set=data.path=" + dataset,
            "--set=output.path=" + folder.resolve("second"));
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(loss("together")).isLessThanOrEqualTo((loss("first") + loss("second")) / 2 + 1e-6);
  }

  private static double loss(String evaluation) throws IOException {
    return (double) CommandLine.metric(folder.resolve(evaluation), "loss");
  }

  @Test
  void aMemberThatDiffersIsRefused() throws IOException {
    Path grey = train("grey", "--set=model.channels=1");
    CommandLine.Said said = evaluate("refused", other, grey);
    assertThat(said.exitCode()).isEqualTo(3);
    assertThat(CommandLine.result(folder.resolve("refused")).get("status")).isEqualTo("failed");
    assertThat(said.err())
        .contains(
            "evaluate.ensemble: "
                + grey
                + " has input 1x32x32, expected 3x32x32 as "
                + one
                + " has");
  }

  /** Finite parameters, so large that every answer overflows. */
  private static Path broken() {
    TrainedModel model = TrainedModel.read(new Configuration(), one.toString());
    float[] parameters = new float[model.parameters().length];
    Arrays.fill(parameters, 1e38f);
    Path path = folder.resolve("broken");
    new TrainedModel(model.card(), parameters).write(new Configuration(), path.toString());
    return path;
  }

  @Test
  void answersThatAreNotFiniteAreMistakesAndSaid() throws IOException {
    Path broken = broken();
    CommandLine.Said said = evaluate("spoiled", broken);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out())
        .startsWith(
            "test: 24 images  top-1 0.00 %  top-5 0.00 %  loss not finite  24 answers not finite");
    Path output = folder.resolve("spoiled");
    assertThat(CommandLine.metric(output, "top1")).isEqualTo(0.0);
    assertThat(CommandLine.metric(output, "answers-not-finite")).isEqualTo(24);
    assertThat(CommandLine.metric(output, "loss")).isNull();
    assertThat(Files.readString(output.resolve("evaluation.json")))
        .contains("\"loss\" : null", "\"notFinite\" : 24")
        .doesNotContain("NaN");
    try (Stream<Path> pictures = Files.walk(folder.resolve("raw/test"))) {
      String picture = pictures.filter(Files::isRegularFile).findFirst().orElseThrow().toString();
      CommandLine.Said predicted =
          CommandLine.run("predict", "--set=model.path=" + one, ensemble(broken), picture);
      assertThat(predicted.exitCode()).as(predicted.err()).isZero();
      assertThat(predicted.out())
          .isEqualTo(picture + "\n  the model's answer is not finite (NaN or infinite)\n");
    }
  }

  @Test
  void predictAsksAllOfThem() throws IOException {
    try (Stream<Path> pictures = Files.walk(folder.resolve("raw/test"))) {
      Path picture = pictures.filter(Files::isRegularFile).findFirst().orElseThrow();
      double mean = (probability(picture, one) + probability(picture, other)) / 2;
      assertThat(probability(picture, one, other)).isEqualTo((double) (float) mean);
    }
  }

  /** That a picture shows the class which comes first in the manifest. */
  private static double probability(Path picture, Path model, Path... others) throws IOException {
    Path output = Files.createTempDirectory(folder, "predicted").resolve("run");
    CommandLine.Said said =
        CommandLine.run(
            "predict",
            "--set=model.path=" + model,
            "--set=output.path=" + output,
            "--set=predict.top=8",
            ensemble(others),
            picture.toString());
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(CommandLine.metric(output, "models")).isEqualTo(1 + others.length);
    Map<?, ?> all = (Map<?, ?>) CommandLine.metric(output, "predictions");
    return ((List<?>) all.get(picture.toString()))
        .stream()
            .map(prediction -> (Map<?, ?>) prediction)
            .sorted((a, b) -> ((String) a.get("label")).compareTo((String) b.get("label")))
            .mapToDouble(prediction -> (double) prediction.get("probability"))
            .findFirst()
            .orElseThrow();
  }
}
