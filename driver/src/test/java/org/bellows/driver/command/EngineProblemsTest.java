// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bellows.driver.CommandLine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What engines cannot do is said at once, before Spark starts. */
class EngineProblemsTest {

  private static CommandLine.Said run(String command, String... assignments) {
    List<String> args = new ArrayList<>(List.of(command.split(" ")));
    for (String assignment : assignments) {
      args.add("--set");
      args.add(assignment);
    }
    return CommandLine.run(args.toArray(String[]::new));
  }

  /** All of training's and of inference's, whichever of them the command computes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "train",
        "evaluate",
        "predict picture.png",
        "extract-features",
        "retrain",
        "quickstart",
        "benchmark recipe residual",
        "benchmark scaling"
      })
  void allProblemsAreReportedTogether(String command) {
    CommandLine.Said said =
        run(
            command,
            "train.step-engine=dl4j",
            "train.device=gpu",
            "train.precision=bfloat16",
            "cluster.lanes-at-once=2",
            "train.batch-norm-moments=global-batch",
            "evaluate.step-engine=dl4j",
            "evaluate.device=gpu",
            "evaluate.convolutions=winograd");
    assertThat(said.exitCode()).as(said.err()).isEqualTo(2);
    assertThat(said.err().replaceAll("\\s+", " "))
        .contains(
            "train.step-engine: is dl4j, which computes on the CPU, but train.device is gpu;"
                + " allowed: torch",
            "train.step-engine: is dl4j, which does not know train.precision = bfloat16;"
                + " allowed: torch",
            "cluster.lanes-at-once: is 2, but train.step-engine = dl4j computes one lane at a time",
            "train.batch-norm-moments: is global-batch",
            "evaluate.step-engine: is dl4j, which computes on the CPU, but evaluate.device is gpu;"
                + " allowed: torch",
            "evaluate.step-engine: is dl4j, which does not know evaluate.convolutions = winograd;"
                + " no engine does where evaluate.device is gpu: change evaluate.convolutions");
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "evaluate", "predict picture.png"})
  void whatTorchCannotDoIsReportedTogether(String command) {
    CommandLine.Said said =
        run(
            command,
            "train.step-engine=torch",
            "train.device=gpu",
            "train.convolutions=winograd",
            "evaluate.step-engine=torch",
            "evaluate.precision=tf32");
    assertThat(said.exitCode()).as(said.err()).isEqualTo(2);
    assertThat(said.err().replaceAll("\\s+", " "))
        .contains(
            "train.step-engine: is torch, but PyTorch's libraries of this bundle are those for"
                + " processors",
            "train.step-engine: is torch, which does not know train.convolutions = winograd;"
                + " no engine does where train.device is gpu: change train.convolutions",
            "evaluate.precision: is tf32, which only GPUs compute in, but evaluate.device = cpu");
  }
}
