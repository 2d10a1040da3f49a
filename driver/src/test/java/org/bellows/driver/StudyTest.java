// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code benchmark recipe} on rendered pictures, in one process. */
@Tag("integration")
@Timeout(600)
class StudyTest {
  private static final String STUDY =
      """
      question = "Does the rate matter?"
      profile = quickstart
      set = ["model.height-pixels=32", "model.width-pixels=32", "train.epochs=2"
             "train.max-samples=48", "train.global-batch=24", "train.lane-batch=12"]
      seeds = [1, 2]
      arms = [
        { name = "plain", group = all, set = [] }
        { name = "standstill", group = all, set = ["schedule.base-lr=0"] }
        { name = "taught", group = other, set = ["loss.teacher-share=0.5"], teacher-set = ["train.epochs=1"] }
      ]
      """;

  @TempDir private Path folder;

  @Test
  void everyArmIsTrainedWithEverySeedOnce() throws IOException {
    Path dataset = TinyTree.prepare(folder);
    Path file = Files.writeString(folder.resolve("mine.conf"), STUDY);
    Path output = folder.resolve("study");
    String[] args = {
      "benchmark",
      "recipe",
      file.toString(),
      "--master=local[1]",
      "--set=cluster.executors=1",
      "--set=data.path=" + dataset,
      "--set=output.path=" + output
    };
    CommandLine.Said said = CommandLine.run(args);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.err())
        .contains("run 1 of 7: plain, seed 1")
        .contains("run 5 of 7: taught, its teacher")
        .contains("run 7 of 7: taught, seed 2");
    List<?> arms = (List<?>) CommandLine.metric(output, "arms");
    assertThat(arms).hasSize(3);
    // Without a rate nothing is learned: 8 classes in equal shares.
    Map<?, ?> standstill = (Map<?, ?>) arms.get(1);
    assertThat((double) standstill.get("top1-mean")).isLessThan(0.5);
    assertThat(shas((Map<?, ?>) arms.get(0))).doesNotContainAnyElementsOf(shas(standstill));
    assertThat(Files.readString(output.resolve("study.md")))
        .startsWith("| arm | top-1 (%) | against the first |")
        .contains("\n| standstill | ");
    assertThat(Files.readString(output.resolve("study.html")))
        .contains(
            "Does the rate matter?", "top-1 accuracy and loss on the split &quot;validation&quot;")
        .contains("taught, epoch 2: ");

    Path report = output.resolve("runs/plain/seed-1/report.html");
    FileTime written = Files.getLastModifiedTime(report);
    said = CommandLine.run(args);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(Files.getLastModifiedTime(report)).isEqualTo(written);
    assertThat(CommandLine.metric(output, "arms")).isEqualTo(arms);
  }

  /** Engines are compared as anything else is; here they round differently and learn the same. */
  @Test
  void armsMayBeStepEngines() throws IOException {
    Path dataset = TinyTree.prepare(folder);
    Path file =
        Files.writeString(
            folder.resolve("engines.conf"),
            """
            question = "Does the engine matter?"
            profile = quickstart
            set = ["model.height-pixels=32", "model.width-pixels=32", "train.epochs=1"
                   "train.max-samples=24", "train.global-batch=12", "train.lane-batch=12"]
            seeds = [1]
            arms = [
              { name = "onednn", group = all, set = [] }
              { name = "torch", group = all
                set = ["train.step-engine=torch", "evaluate.step-engine=torch"] }
            ]
            """);
    Path output = folder.resolve("engines");
    CommandLine.Said said =
        CommandLine.run(
            "benchmark",
            "recipe",
            file.toString(),
            "--master=local[1]",
            "--set=cluster.executors=1",
            "--set=data.path=" + dataset,
            "--set=output.path=" + output);
    assertThat(said.exitCode()).as(said.err()).isZero();
    List<?> arms = (List<?>) CommandLine.metric(output, "arms");
    Map<?, ?> oneDnn = (Map<?, ?>) arms.get(0);
    Map<?, ?> torch = (Map<?, ?>) arms.get(1);
    assertThat(shas(torch)).isNotEmpty().doesNotContainAnyElementsOf(shas(oneDnn));
    assertThat(loss(torch)).isCloseTo(loss(oneDnn), within(1e-3));
  }

  /** Of the first seed. */
  private static double loss(Map<?, ?> arm) {
    return (double) ((Map<?, ?>) ((List<?>) arm.get("seeds")).get(0)).get("trainingLoss");
  }

  private static List<String> shas(Map<?, ?> arm) {
    return ((List<?>) arm.get("seeds"))
        .stream().map(seed -> String.valueOf(((Map<?, ?>) seed).get("parametersSha256"))).toList();
  }

  @Test
  void problemsOfAllArmsAreSaidBeforeTheFirstRuns() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("mine.conf"),
            STUDY
                .replace("schedule.base-lr=0", "schedule.base-lr=-1")
                .replace("loss.teacher-share=0.5", "loss.teacher-share=2"));
    CommandLine.Said said =
        CommandLine.run(
            "benchmark",
            "recipe",
            file.toString(),
            "--seeds=4",
            "--set=data.path=" + folder.resolve("nothing"),
            "--set=output.path=" + folder.resolve("study"));
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err())
        .contains("standstill, seed 4: schedule.base-lr: is -1")
        .contains("taught, seed 4: loss.teacher-share: is 2");
    assertThat(folder.resolve("study")).doesNotExist();
  }
}
