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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a run to another that begins with its parameters, by commands. */
@Tag("integration")
@Timeout(600)
class FineTuningTest {
  @TempDir static Path folder;

  private static Path dataset;
  private static Path model;

  @BeforeAll
  static void prepare() {
    dataset = TinyTree.prepare(folder);
    model = TinyTree.trained();
  }

  private static CommandLine.Said train(Path run, int executors, String... more) {
    return CommandLine.run(TinyTree.train(dataset, run, executors, more));
  }

  private static CommandLine.Said tune(Path run, int executors, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--set=model.from=" + model,
                "--set=model.freeze-up-to=f6",
                "--set=model.unfreeze-epochs=[\"s2@1\"]",
                "--set=schedule.group-rates=[\"s4@0.5\"]",
                "--set=augment.crop=resize",
                "--set=augment.mirror=false"));
    all.addAll(Arrays.asList(more));
    return train(run, executors, all.toArray(String[]::new));
  }

  /** Each of the two executors keeps what it computed; alone nothing is kept. */
  @Test
  void theSameBitsOnTwoExecutorsWithACacheAndOnOneWithout() throws IOException {
    Path two = folder.resolve("two");
    CommandLine.Said said = tune(two, 2);
    assertThat(said.exitCode()).as(said.err()).isZero();
    Path one = folder.resolve("one");
    CommandLine.Said alone =
        tune(one, 1, "--master=local[1]", "--set=model.frozen-cache-mebibytes=0");
    assertThat(alone.exitCode()).as(alone.err()).isZero();
    assertThat(CommandLine.metric(two, "parameters-sha256"))
        .isEqualTo(CommandLine.metric(one, "parameters-sha256"));
    assertThat(Files.readString(two.resolve("notes.json")))
        .contains("starts from " + model + ": 10 arrays taken, 0 new from the seed");
    assertThat(Files.readString(two.resolve("report.html")))
        .contains("<svg", "starts from " + model);
  }

  @Test
  void aDryRunSaysWhereTheRunStarts() {
    CommandLine.Said said = tune(folder.resolve("dry"), 1, "--dry-run", "--master=local[1]");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out())
        .containsPattern("starts from +" + model + "\n")
        .containsPattern("arrays taken +10\n")
        .containsPattern("frozen up to +f6\n")
        .containsPattern("frozen only up to, from epoch +s2@1\n");
  }

  @Test
  void aModelThatDoesNotFitIsRefusedBeforeTheRun() {
    Path run = folder.resolve("unfit");
    CommandLine.Said said =
        tune(run, 1, "--set=model.channels=1", "--set=model.name=lenet5-tanh", "--master=local[1]");
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err())
        .contains("model.channels: is 1, but model.from " + model + " has 3")
        .contains("model.name: is lenet5-tanh, but model.from " + model + " has lenet5");
    assertThat(run.resolve("model")).doesNotExist();
  }
}
