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
import org.apache.hadoop.conf.Configuration;
import org.bellows.data.render.SyntheticScenes;
import org.bellows.worker.files.Json;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.TrainedModel;

/** Rendered pictures of any number of labels, and commands on them. */
final class ManyLabels {
  private static final int PICTURES = 96;

  private ManyLabels() {}

  /** Returns the dataset's folder: 72 pictures for training, 12 each for validation and test. */
  static Path prepare(Path folder) {
    Path raw = folder.resolve("scenes");
    SyntheticScenes.render(raw, PICTURES, 5);
    return run(
        folder.resolve("labels"),
        "prepare",
        "--set=source.labels=multiple",
        "--set=source.path=" + raw,
        "--set=data.path=" + folder.resolve("labels"),
        "--set=cluster.executors=2",
        TwoExecutors.MEMORY);
  }

  /** Returns the run's folder. One executor is this process. */
  static Path train(Path dataset, Path run, int executors) {
    List<String> more =
        new ArrayList<>(
            List.of(
                "--set=loss.function=binary-cross-entropy",
                "--set=train.best-metric=map",
                "--set=train.save=best",
                "--set=train.epochs=2"));
    if (executors == 1) {
      more.add("--master=local[1]");
    }
    return run(run, TinyTree.train(dataset, run, executors, more.toArray(String[]::new)));
  }

  /** Evaluates by the model's own thresholds and predicts, on this process as executor. */
  static void evaluateAndPredict(Path dataset, Path run, Path folder) throws IOException {
    ModelCard card = TrainedModel.read(new Configuration(), run.toString()).card();
    assertThat(card.multiLabel().thresholds()).hasSize(8).allMatch(each -> each >= 0 && each <= 1);
    List<String> where =
        List.of(
            "--set=model.path=" + run,
            "--set=data.path=" + dataset,
            "--set=evaluate.split=validation",
            "--set=evaluate.thresholds=model",
            "--set=cluster.executors=1",
            "--master=local[1]");
    Path evaluation = folder.resolve("labels-evaluated");
    run(evaluation, with(where, "evaluate", "--set=output.path=" + evaluation));
    assertThat(CommandLine.metric(evaluation, "map")).isEqualTo(CommandLine.metric(run, "map"));
    assertThat(CommandLine.metric(evaluation, "loss")).isEqualTo(CommandLine.metric(run, "loss"));
    Path predictions = folder.resolve("labels-predicted");
    String[] asLines = {
      "--set=predict.format=jsonl", "--set=predict.top=8", "--set=output.path=" + predictions
    };
    run(predictions, with(where, "predict", asLines));
    try (Stream<Path> files = Files.walk(predictions.resolve("predictions"))) {
      Path file = files.filter(Files::isRegularFile).findFirst().orElseThrow();
      List<String> lines = Files.readAllLines(file);
      assertThat(lines).hasSize(12);
      for (String line : lines) {
        requireChosen(card, Json.read(line.getBytes(StandardCharsets.UTF_8), Map.class, "a line"));
      }
    }
  }

  /** Of all classes those that reach their thresholds. */
  private static void requireChosen(ModelCard card, Map<?, ?> line) {
    List<String> reached = new ArrayList<>();
    for (Object each : (List<?>) line.get("top")) {
      Map<?, ?> likely = (Map<?, ?>) each;
      String name = (String) likely.get("class");
      double threshold = card.multiLabel().thresholds().get(card.classes().indexOf(name));
      if (((Number) likely.get("probability")).floatValue() >= threshold) {
        reached.add(name);
      }
    }
    List<String> labels = ((List<?>) line.get("labels")).stream().map(String::valueOf).toList();
    assertThat(labels).as("labels of %s", line).containsExactlyInAnyOrderElementsOf(reached);
  }

  private static String[] with(List<String> where, String command, String... more) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(where);
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static Path run(Path folder, String... arguments) {
    CommandLine.Said said = CommandLine.run(arguments);
    assertThat(said.exitCode()).as(said.err()).isZero();
    return folder;
  }
}
