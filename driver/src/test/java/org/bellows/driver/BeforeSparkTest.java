// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext$;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.manifest.Provenance;
import org.bellows.data.manifest.Shard;
import org.bellows.data.manifest.Split;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What can be known beforehand is told before Spark starts: the master that is asked for here does
 * not exist, and a command that tried to reach it would say so, after a minute.
 */
@Tag("integration")
@Timeout(120)
class BeforeSparkTest {
  private static final String NO_MASTER = "--master=spark://127.0.0.1:9";

  /** Of a shard. */
  private static final int BYTES = 1440;

  @TempDir static Path folder;

  /** With a shard a split, of which nobody reads more than the length. */
  private static Path dataset(String name, int classes, String... splits) throws IOException {
    Path path = folder.resolve(name);
    Files.createDirectories(path.resolve("shards"));
    for (String split : splits) {
      Files.writeString(path.resolve("shards/" + split + "-00000.parquet"), "x".repeat(BYTES));
    }
    ManifestFile.write(
        new Configuration(),
        path.toString(),
        new DatasetManifest(
            DatasetManifest.FORMAT_VERSION,
            IntStream.range(0, classes).mapToObj(label -> "class-" + label).toList(),
            List.of(splits).stream().map(BeforeSparkTest::split).toList(),
            new Provenance("raw", "tree", "0", 1, "test", 3, 0, "2026-01-01T00:00:00Z")));
    return path;
  }

  private static Split split(String name) {
    List<Double> half = List.of(0.5, 0.5, 0.5);
    Shard shard =
        new Shard("shards/" + name + "-00000.parquet", BYTES, "0".repeat(64), List.of(144));
    return new Split(name, 144, BYTES, half, half, List.of(shard));
  }

  private static CommandLine.Said run(String command, String... settings) {
    List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
    arguments.add(NO_MASTER);
    arguments.addAll(List.of(settings));
    return CommandLine.run(arguments.toArray(String[]::new));
  }

  private static void refused(CommandLine.Said said, int exitCode, String... parts) {
    assertThat(said.exitCode()).as(said.err()).isEqualTo(exitCode);
    assertThat(said.err()).contains(parts).doesNotContain("\tat ", "something that should not");
  }

  private static String[] training(Path data, String run, String... more) {
    String[] arguments = TinyTree.train(data, folder.resolve(run), 1, more);
    return List.of(arguments).subList(1, arguments.length).toArray(String[]::new);
  }

  @Test
  void oneClassLeavesNothingToTellApart() throws IOException {
    Path one = dataset("one-class", 1, "train", "validation");
    refused(
        run("train", training(one, "one-class-run")),
        3,
        "the classes of the dataset at "
            + one
            + " are only class-0, which leaves nothing to tell apart");
    assertThat(CommandLine.result(folder.resolve("one-class-run")).get("status"))
        .isEqualTo("failed");
  }

  @Test
  void everythingThatIsWrongWithATrainingIsToldTogether() throws IOException {
    Path occupied = Files.createDirectory(folder.resolve("occupied"));
    Files.writeString(occupied.resolve("beach.txt"), "sand");
    refused(
        run(
            "train",
            training(
                folder.resolve("no-data"),
                "occupied",
                "--set=loss.teacher=" + folder.resolve("no-teacher"),
                "--set=model.from=" + folder.resolve("no-start"))),
        2,
        "4 problems:",
        "occupied holds something else (beach.txt)",
        "there is no dataset at file:" + folder.resolve("no-data"),
        "there is no model at file:" + folder.resolve("no-teacher"),
        "there is no model at file:" + folder.resolve("no-start"));
    assertThat(occupied).isDirectoryNotContaining("glob:**result.json");
  }

  @Test
  void bothSplitsThatAreNotThereAreNamed() throws IOException {
    Path data = dataset("other-splits", 2, "learn", "judge");
    refused(
        run("train", training(data, "no-splits")),
        3,
        "2 problems:",
        "the dataset has no split \"train\"; it has learn and judge",
        "the dataset has no split \"validation\"");
  }

  @Test
  void evaluateNamesDatasetAndModel() throws IOException {
    refused(
        run(
            "evaluate",
            "--set=data.path=" + dataset("no-test", 2, "train"),
            "--set=model.path=" + folder.resolve("no-model"),
            "--set=output.path=" + folder.resolve("evaluation")),
        3,
        "2 problems:",
        "the dataset has no split \"test\"; it has train",
        "there is no model at ");
  }

  @Test
  void extractFeaturesNamesAllThatIsUnset() {
    refused(
        run("extract-features"),
        2,
        "the configuration has 3 problems:",
        "model.path: is not set",
        "output.path: is not set",
        "data.path: is not set, nor is source.path");
    refused(
        run(
            "extract-features",
            "--set=model.path=" + folder.resolve("no-model"),
            "--set=source.path=" + folder.resolve("no-source"),
            "--set=output.path=" + folder.resolve("features")),
        3,
        "2 problems:",
        "there is no model at ",
        "no-source does not exist");
  }

  @Test
  void prepareNamesSourceAndOutput() throws IOException {
    Path taken = Files.createDirectory(folder.resolve("taken"));
    Files.writeString(taken.resolve("beach.txt"), "sand");
    refused(
        run("prepare", "--set=source.path=" + folder.resolve("none"), "--set=data.path=" + taken),
        2,
        "2 problems:",
        "none does not exist",
        "taken holds something else (first entry beach.txt)");
  }

  @Test
  void retrainNamesSplitsOfBothKinds() throws IOException {
    refused(
        run(
            "retrain",
            training(
                dataset("night", 2, "train"),
                "night-run",
                "--set=registry.path=" + folder.resolve("registry"))),
        3,
        "2 problems:",
        "no split \"test\"",
        "no split \"validation\"");
  }

  /** Both the metric's default and what it is told in vain. */
  @Test
  void retrainComparesByAMetricOfTheNetwork() {
    List<String> needed =
        List.of(
            "--set=data.path=" + folder.resolve("none"),
            "--set=output.path=" + folder.resolve("night"),
            "--set=registry.path=" + folder.resolve("registry"));
    List<String> pixels = new ArrayList<>(needed);
    pixels.addAll(
        List.of(
            "--set=model.name=unet-8",
            "--set=model.height-pixels=96",
            "--set=model.width-pixels=96"));
    refused(
        run("retrain", pixels.toArray(String[]::new)),
        2,
        "retrain.metric: is top1, but unet-8 says a class of each pixel; allowed: miou, loss");
    List<String> samples = new ArrayList<>(needed);
    samples.addAll(List.of("--set=model.name=lenet5", "--set=retrain.metric=miou"));
    refused(
        run("retrain", samples.toArray(String[]::new)),
        2,
        "retrain.metric: is miou, but lenet5 says a class of each sample; allowed: top1, top5, map, loss");
  }

  @Test
  void trainHeadAndStatisticsNeedWhatTheyRead() {
    refused(
        run(
            "train-head",
            "--set=features.path=" + folder.resolve("none"),
            "--set=output.path=" + folder.resolve("head")),
        3,
        "there are no features at ");
    refused(run("data stats", "--set=data.path=" + folder.resolve("none")), 3, "no dataset at ");
  }

  @Test
  void statisticsNeedTheFilesOfTheirDataset() throws IOException {
    Path data = dataset("half-copied", 2, "train", "test");
    Files.delete(data.resolve("shards/test-00000.parquet"));
    refused(run("data stats", "--set=data.path=" + data), 3, "test-00000.parquet");
  }

  @Test
  void benchmarksNeedWhatTheyMeasure() throws IOException {
    refused(
        run(
            "benchmark scaling",
            training(
                folder.resolve("none"),
                "scaling",
                "--set=train.global-batch=8",
                "--set=train.lane-batch=4")),
        3,
        "there is no dataset at ");
    CommandLine.Said features =
        CommandLine.run(
            "benchmark",
            "features",
            "--set=data.path=" + folder.resolve("none"),
            "--set=model.path=" + folder.resolve("no-model"),
            "--set=output.path=" + folder.resolve("measured"));
    refused(features, 3, "2 problems:", "there is no model at ", "there is no dataset at ");
    assertThat(SparkContext$.MODULE$.getActive().isDefined()).isFalse();
  }

  /** Tests have that for s3a://. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "train --set=model.name=lenet5 --set=model.height-pixels=32 --set=model.width-pixels=32"
            + " --set=data.path=gs://bucket/data --set=output.path=OUT",
        "train --dry-run --set=model.name=lenet5 --set=model.height-pixels=32"
            + " --set=model.width-pixels=32 --set=data.path=gs://bucket/data",
        "prepare --set=source.path=gs://bucket/raw --set=data.path=OUT",
        "evaluate --set=data.path=gs://bucket/data --set=model.path=gs://bucket/run"
            + " --set=output.path=OUT",
        "data stats --set=data.path=gs://bucket/data",
        "train-head --set=features.path=gs://bucket/features --set=output.path=OUT",
      })
  void aMissingConnectorIsNamed(String command) {
    refused(
        run(command.replace("OUT", folder.resolve("connector").toString())),
        2,
        "the connector for gs:// is not on the class path",
        "add com.google.cloud.bigdataoss:gcs-connector");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.channels=2",
        "data.path=NOWHERE",
        "train.split=learn",
        "train.global-batch=4800",
        "loss.teacher=NOWHERE",
        "cluster.executor-memory-mebibytes=64",
        "train.device=gpu",
        "cluster.executors=7",
        "output.path=OCCUPIED",
      })
  void aDryRunRefusesInTheWordsOfTheRun(String wrong) throws IOException {
    Path occupied = folder.resolve("beach");
    Files.createDirectories(occupied);
    Files.writeString(occupied.resolve("beach.txt"), "sand");
    String set =
        "--set="
            + wrong
                .replace("NOWHERE", folder.resolve("nowhere").toString())
                .replace("OCCUPIED", occupied.toString());
    String[] settings = training(dataset("agreed", 2, "train", "validation"), "agreed-run", set);
    CommandLine.Said train = run("train", settings);
    CommandLine.Said dry = run("train --dry-run", settings);
    assertThat(train.exitCode()).as(train.err()).isIn(2, 3);
    assertThat(dry.err()).isEqualTo(train.err());
    assertThat(dry.exitCode()).isEqualTo(train.exitCode());
  }
}
