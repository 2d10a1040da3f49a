// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.Problem;
import org.bellows.conf.identity.RunIdentity;
import org.bellows.conf.load.KeyHistory;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.driver.CommandLine;
import org.bellows.driver.CommandLine.Said;
import org.bellows.worker.checkpoint.CheckpointStore;
import org.bellows.worker.checkpoint.TrainingState;
import org.bellows.worker.files.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The promise of docs/reliability.md: what the release of November 2026 left is gone on with, and
 * comes to what that release itself would have come to. Its README says what lies there.
 */
@Tag("instructions")
@Timeout(300)
@Tag("lines")
class PinnedRunsTest {
  private static final Path PINNED =
      Path.of("src/test/resources/compatibility/2026-11").toAbsolutePath();
  private static final String DATASET_SHA256 =
      "ce1e05be182c7ec43bc68d52d29f88eb60ca85ed489d8a634ac0c1fdc9e3301d";

  @TempDir private Path folder;

  private final PinnedBits pins;

  PinnedRunsTest() throws IOException {
    this.pins = new PinnedBits(PINNED.resolve("results.json"));
  }

  @ParameterizedTest
  @CsvSource({"every-step, killed, 9", "averaging, killed-averaging, 12"})
  void aKilledRunIsResumedAndEndsAsItWouldHave(String configuration, String run, int step)
      throws IOException {
    Said said =
        local(
            "train",
            "--profile=" + PINNED.resolve("conf/" + configuration + ".conf"),
            "--set=data.path=" + PINNED.resolve("dataset"),
            "--set=data.verify=sha256",
            "--set=output.path=" + copy(run));
    assertThat(said.err()).contains("resumed from the checkpoint of step " + step);
    pins.require(run, figures(metrics(run), "parameters-sha256", "loss", "top1", "top5"));
  }

  /** What the first test shows of a run with today's keys holds when a key has come to them. */
  @Test
  void aKeyThatComesLaterIsFilledInWithWhatItsBuildBehavedBy() {
    TrainingState state =
        new CheckpointStore(new Configuration(), PINNED.resolve("killed").toString())
            .read(9)
            .state();
    Map<String, String> later = new TreeMap<>(state.identity());
    later.put("optimizer.example", "0.0");
    KeyHistory history =
        KeyHistory.parse(
            """
            added = [{ key = optimizer.example, since = "0.2.0", value = "0.0" }]
            renamed = [], removed = []
            """);
    assertThat(RunIdentity.differences("/run", state.identity(), later, history)).isEmpty();
    later.put("optimizer.example", "0.5");
    assertThat(RunIdentity.differences("/run", state.identity(), later, history))
        .extracting(Problem::toString)
        .containsExactly(
            "optimizer.example: is 0.5, but the run in /run has 0.0; resume it with that, or give"
                + " another output.path");
  }

  @Test
  void itsModelIsEvaluated() throws IOException {
    Path evaluation = folder.resolve("evaluation");
    local(
        "evaluate",
        "--set=cluster.executors=1",
        "--set=data.path=" + PINNED.resolve("dataset"),
        "--set=model.path=" + PINNED.resolve("whole"),
        "--set=output.path=" + evaluation);
    pins.require("evaluation of whole", figures(metrics("evaluation"), "loss", "top1", "top5"));
  }

  @Tag("slow")
  @Test
  void theSameDatasetIsMadeOfTheSamePictures() throws IOException {
    assumeThat(org.apache.spark.package$.MODULE$.SPARK_VERSION())
        .as("the ends of shards depend on Parquet's version, and so on Spark's")
        .startsWith("3.5.");
    Path dataset = folder.resolve("dataset");
    local(
        "prepare",
        "--set=cluster.executors=1",
        "--set=source.path=" + PINNED.resolve("pictures"),
        "--set=data.path=" + dataset);
    for (Path path : List.of(dataset, PINNED.resolve("dataset"))) {
      assertThat(ManifestFile.sha256(ManifestFile.read(new Configuration(), path.toString())))
          .as("of %s", path)
          .isEqualTo(DATASET_SHA256);
    }
  }

  @Tag("slow")
  @Test
  void aKilledRetrainingGoesOnWithItsDecision() throws IOException {
    Path registry = copy("registry");
    Said said =
        local(
            "retrain",
            "--profile=" + PINNED.resolve("conf/retrain.conf"),
            "--set=train.epochs=4",
            "--set=data.path=" + PINNED.resolve("dataset"),
            "--set=registry.path=" + registry,
            "--set=output.path=" + copy("retrain"));
    assertThat(said.err())
        .contains("resuming decision 3, begun at")
        .contains("resumed from the checkpoint of step 6")
        .contains("objects: promoted (loss on test (16 images) 1.8805 -> 1.6960");
    Map<?, ?> version = json(registry.resolve("models/objects/3/version.json"));
    Map<String, Object> figures = figures((Map<?, ?>) version.get("score"), "loss", "top1", "top5");
    figures.put("parameters-sha256", version.get("parametersSha256"));
    pins.require("version 3", figures);
  }

  @Test
  void itsRegistryIsReadAndPromotedFrom() throws IOException {
    Path registry = copy("registry");
    assertThat(said("models", "list", "--registry", registry.toString(), "--json").out())
        .contains("\"current\":2,")
        .contains("\"scores\":{\"loss\":", "\"top1\":")
        .contains("\"versions\":[1,2]");
    assertThat(said("models", "list", "--registry", registry.toString()).out())
        .containsPattern("(?m)^name +versions +current  score +path$")
        .containsPattern("(?m)^objects +2 +2  top-1 [01]\\.\\d{4} +file:");
    assertThat(said("models", "show", "--registry", registry.toString(), "objects:1").out())
        .contains("lenet5");
    said("models", "promote", "--registry", registry.toString(), "objects:1", "--reason", "a test");
    assertThat(said("models", "list", "--registry", registry.toString(), "--json").out())
        .contains("\"current\":1,");
    said("models", "rollback", "--registry", registry.toString(), "objects");
    assertThat(said("models", "list", "--registry", registry.toString(), "--json").out())
        .contains("\"current\":2,");
  }

  @Tag("slow")
  @Test
  void ofAKilledStudyOnlyTheSecondArmIsTrained() throws IOException {
    copy("study");
    Path dataset = copy("dataset");
    Path done = folder.resolve("study/runs/plain/seed-1/result.json");
    byte[] before = Files.readAllBytes(done);
    local(
        "benchmark",
        "recipe",
        PINNED.resolve("conf/study.conf").toString(),
        "--set=data.path=" + dataset,
        "--set=output.path=" + folder.resolve("study"));
    assertThat(Files.readAllBytes(done)).as("the first arm was done").isEqualTo(before);
    pins.require(
        "study, second arm",
        figures(metrics("study/runs/slow/seed-1"), "parameters-sha256", "loss", "top1"));
  }

  /** Copies what was left, as if it had been left in this test's folder. */
  private Path copy(String name) throws IOException {
    Path from = PINNED.resolve(name);
    List<Path> files;
    try (Stream<Path> found = Files.walk(from)) {
      files = found.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      Path to = folder.resolve(name).resolve(from.relativize(file).toString());
      Files.createDirectories(to.getParent());
      String fileName = file.getFileName().toString();
      if (fileName.equals("run.json") || fileName.equals("configuration.json")) {
        String text = Files.readString(file);
        Files.writeString(to, text.replace("/pinned/", folder + "/"), StandardCharsets.UTF_8);
      } else {
        Files.copy(file, to);
      }
    }
    return folder.resolve(name);
  }

  private static Said local(String command, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of(more));
    arguments.add("--master=local[1]");
    return said(arguments.toArray(String[]::new));
  }

  private static Said said(String... arguments) {
    Said said = CommandLine.run(arguments);
    assertThat(said.exitCode()).as(said.err()).isZero();
    return said;
  }

  private Map<?, ?> metrics(String run) throws IOException {
    return (Map<?, ?>) json(folder.resolve(run).resolve("result.json")).get("metrics");
  }

  private static Map<?, ?> json(Path file) throws IOException {
    return Json.read(Files.readAllBytes(file), Map.class, file);
  }

  private static Map<String, Object> figures(Map<?, ?> all, String... names) {
    return Stream.of(names)
        .collect(
            Collectors.toMap(
                name -> name, name -> (Object) all.get(name), (a, b) -> a, TreeMap::new));
  }
}
