// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bellows.data.render.SyntheticTree;
import org.bellows.driver.CommandLine;
import org.bellows.driver.CommandLine.Said;
import org.bellows.driver.TinyTree;
import org.bellows.driver.command.Bellows;
import org.bellows.worker.files.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Five nights of a schedule through the command line; the first version was made before. */
@Tag("slow")
@Timeout(600)
class ScheduledRetrainTest {
  private static final int KILLED = 128 + 9;
  private static final int INFRASTRUCTURE = 4;

  @TempDir Path folder;

  private final List<String> table = new ArrayList<>();

  private Path output() {
    return folder.resolve("retrain");
  }

  private String registry() {
    return folder.resolve("registry").toString();
  }

  /** Pictures of one seed: a later night has all those of an earlier one, and more. */
  private Path dataset(String night, int imagesPerClass, boolean wronglyLabelled)
      throws IOException {
    Path raw = folder.resolve("raw-" + night);
    SyntheticTree.render(raw, imagesPerClass, 3);
    if (wronglyLabelled) {
      Path train = raw.resolve("train");
      List<Path> classes;
      try (var found = Files.list(train)) {
        classes = found.sorted().toList();
      }
      Path aside = raw.resolve("aside");
      Files.move(classes.get(0), aside);
      for (int i = 1; i < classes.size(); i++) {
        Files.move(classes.get(i), classes.get(i - 1));
      }
      Files.move(aside, classes.get(classes.size() - 1));
      // What an annotator who was one row off would have made of it.
    }
    return TinyTree.prepared(raw, folder.resolve("data-" + night));
  }

  private String[] arguments(Path dataset) {
    String[] args =
        TinyTree.train(
            dataset,
            output(),
            1,
            "--master=local[1]",
            "--set=registry.path=" + registry(),
            "--set=registry.name=objects",
            "--set=retrain.metric=loss",
            "--set=retrain.lease-seconds=10",
            "--set=schedule.base-lr=0.05",
            "--set=augment.crop=resize",
            "--set=checkpoint.interval-steps=2");
    args[0] = "retrain";
    return args;
  }

  private Process process(Path dataset, File log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx768m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Bellows.class.getName()));
    command.addAll(Arrays.asList(arguments(dataset)));
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
  }

  private Said said(Process process, File log) throws Exception {
    assertThat(process.waitFor(200, TimeUnit.SECONDS)).isTrue();
    String text = Files.readString(log.toPath());
    return new Said(process.exitValue(), text, text);
  }

  private Object metric(String name) throws IOException {
    return CommandLine.metric(output(), name);
  }

  private double lossOfFirstStep(int decision) throws IOException {
    Path steps =
        output().resolve("runs/%d/metrics/steps-000000000-000000001.jsonl".formatted(decision));
    String line = Files.readAllLines(steps).get(0);
    return (double) Json.read(line.getBytes(StandardCharsets.UTF_8), Map.class, steps).get("loss");
  }

  private void row(String night, int exitCode, String what) {
    table.add("| %s | %d | %s | %s |".formatted(night, exitCode, what, versions()));
  }

  private String versions() {
    Said said = CommandLine.run("models", "list", "--registry", registry(), "--json");
    return said.out()
        .replaceAll(".*\"current\":([^,]*),.*\"versions\":\\[([^]]*)\\].*\n", "$1 of $2");
  }

  private void rowFromResult(String night, Said said) throws IOException {
    row(night, said.exitCode(), "%s: %s".formatted(metric("outcome"), metric("why")));
  }

  @Test
  void fiveNights() throws Exception {
    Said first = CommandLine.run(arguments(dataset("first", 16, false)));
    assertThat(first.exitCode()).as(first.err()).isZero();
    rowFromResult("before: first", first);
    assertThat(metric("current")).isEqualTo(1);

    double fromSeed = lossOfFirstStep(1);
    assertThat(fromSeed).as("of eight classes").isGreaterThan(1.9);
    Said better = CommandLine.run(arguments(dataset("better", 32, false)));
    assertThat(better.exitCode()).as(better.err()).isZero();
    rowFromResult("1: better", better);
    assertThat(metric("outcome")).isEqualTo("promoted");
    assertThat(better.err())
        .contains("new data: test 16 -> 32 samples, train 96 -> 192 samples")
        .contains("training for decision 2, from version 1");
    assertThat(lossOfFirstStep(2)).as("it begins where the other ended").isLessThan(fromSeed);

    Path wrong = dataset("worse", 40, true);
    Said worse = CommandLine.run(arguments(wrong));
    assertThat(worse.exitCode()).as(worse.err()).isZero();
    rowFromResult("2: worse", worse);
    assertThat(metric("outcome")).isEqualTo("kept");
    assertThat(metric("current")).isEqualTo(2);

    Said unchanged = CommandLine.run(arguments(wrong));
    assertThat(unchanged.exitCode()).as(unchanged.err()).isZero();
    rowFromResult("3: unchanged", unchanged);
    assertThat(metric("outcome")).isEqualTo("unchanged");

    crashed(dataset("crashed", 48, false));
    concurrent(dataset("concurrent", 56, false));
    System.out.println("| night | exit code | what came of it | current of versions |");
    System.out.println("|---|---|---|---|");
    table.forEach(System.out::println);
    lookAround();
  }

  /** Killed while it trains; started again it ends as it would have. */
  private void crashed(Path dataset) throws Exception {
    File log = folder.resolve("crashed.log").toFile();
    Process process = process(dataset, log);
    Path checkpoint = output().resolve("runs/4/checkpoints/step-000000004/MANIFEST.json");
    while (process.isAlive() && !Files.exists(checkpoint)) {
      Thread.sleep(10);
    }
    process.destroyForcibly();
    Said killed = said(process, log);
    assertThat(killed.exitCode()).as(killed.out()).isEqualTo(KILLED);
    assertThat(output().resolve("result.json")).doesNotExist();
    row("4: crashed", KILLED, "killed while it trained; no result.json");

    Said early = CommandLine.run(arguments(dataset));
    while (early.exitCode() == INFRASTRUCTURE) {
      assertThat(early.err()).contains("is held by another start").contains("is taken for dead");
      Thread.sleep(1000);
      early = CommandLine.run(arguments(dataset));
    }
    assertThat(early.exitCode()).as(early.err()).isZero();
    assertThat(early.err())
        .contains("resuming decision 4")
        .containsPattern("resumed from the checkpoint of step [1-9]\\d* on 1 executors");
    rowFromResult("4: started again", early);
    assertThat(metric("decision")).isEqualTo(4);
    assertThat(metric("version")).isEqualTo(4);
  }

  /** Two at once: one does it, the other one says so and touches nothing. */
  private void concurrent(Path dataset) throws Exception {
    File[] logs = {folder.resolve("a.log").toFile(), folder.resolve("b.log").toFile()};
    Process[] processes = {process(dataset, logs[0]), process(dataset, logs[1])};
    Said[] ended = {said(processes[0], logs[0]), said(processes[1], logs[1])};
    int winner = ended[0].exitCode() == 0 ? 0 : 1;
    assertThat(ended[winner].exitCode()).as(ended[winner].out()).isZero();
    rowFromResult("5: concurrent, one", ended[winner]);
    Said other = ended[1 - winner];
    if (other.exitCode() == 0) {
      // So late that the first one had come to its end.
      assertThat(other.out()).contains("unchanged");
      row("5: concurrent, the other", 0, "unchanged");
    } else {
      assertThat(other.exitCode()).as(other.out()).isEqualTo(INFRASTRUCTURE);
      assertThat(other.out())
          .contains("is held by another start (process " + processes[winner].pid());
      row("5: concurrent, the other", INFRASTRUCTURE, "held by another start; nothing was done");
    }
    assertThat(CommandLine.result(output()).get("status")).isEqualTo("succeeded");
    assertThat(metric("decision")).isEqualTo(5);
  }

  /** The other commands of a registry, on what the nights have left. */
  private void lookAround() throws IOException {
    Said shown = CommandLine.run("models", "show", "--registry", registry(), "objects");
    assertThat(shown.out())
        .contains("decision 5")
        .contains("retrain: there was no current version");
    Said one = CommandLine.run("models", "show", "--registry", registry(), "objects:2");
    assertThat(one.out()).containsPattern("started from +version 1").contains("lenet5, 8 classes");
    Said difference =
        CommandLine.run("models", "diff", "--registry", registry(), "objects:1", "objects:2");
    assertThat(difference.out())
        .contains("objects:1 -> objects:2")
        .containsPattern("data.path +\\S+data-first -> \\S+data-better")
        .containsPattern("held-out loss +\\S+ -> ")
        .contains("train 96 -> 192 samples");
    Said promoted = CommandLine.run("models", "promote", "--registry", registry(), "objects:3");
    assertThat(promoted.out()).startsWith("objects:3 is current");
    Said back = CommandLine.run("models", "rollback", "--registry", registry(), "objects");
    assertThat(back.out()).matches("objects:\\d is current \\(entry \\d\\); it was version 3\n");
    Map<?, ?> result = CommandLine.result(output());
    assertThat(result.get("command")).isEqualTo("retrain");
    assertThat(Files.readString(output().resolve("report.html"))).contains("All decisions");
    try (var runs = Files.list(output().resolve("runs"))) {
      assertThat(runs).as("runs of older decisions are removed").hasSize(1);
    }
  }
}
