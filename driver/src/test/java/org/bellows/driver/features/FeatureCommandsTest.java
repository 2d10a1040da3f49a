// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bellows.driver.CommandLine;
import org.bellows.driver.TinyMasks;
import org.bellows.driver.TinyTree;
import org.bellows.driver.TwoExecutors;
import org.bellows.worker.files.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code extract-features} and {@code train-head}, on rendered pictures. */
@Tag("integration")
@Timeout(900)
class FeatureCommandsTest {
  /** 8 classes: 18 each for training, 3 each for validation and test. */
  private static final int IMAGES = 192;

  private static final String ON_TWO = "--set=cluster.executors=2";

  @TempDir static Path folder;

  private static Path raw;
  private static Path dataset;
  private static Path masked;

  @BeforeAll
  static void prepare() throws IOException {
    TinyModel.write(folder.resolve("run"), "lenet5", 3);
    TinyModel.write(folder.resolve("pixels"), "unet-8", 3);
    dataset = TinyTree.prepare(folder);
    raw = folder.resolve("raw");
    masked = TinyMasks.prepare(folder.resolve("masked"));
    Path features = extract("features", "--set=data.path=" + dataset);
    assertThat(CommandLine.result(features).get("status")).isEqualTo("succeeded");
    try (TwoExecutors executors = TwoExecutors.start()) {
      extract("on-two", "--set=data.path=" + dataset, ON_TWO, TwoExecutors.MEMORY);
      head("head-on-two", ON_TWO, TwoExecutors.MEMORY);
      predict("labels-on-two", ON_TWO, TwoExecutors.MEMORY);
      classes("classes-on-two", ON_TWO, TwoExecutors.MEMORY);
      evaluateMasks("masks-on-two", ON_TWO, TwoExecutors.MEMORY);
    }
  }

  private static Path evaluateMasks(String name, String... more) {
    Path output = folder.resolve(name);
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.addAll(
        List.of(
            "--set=model.path=" + folder.resolve("pixels"),
            "--set=data.path=" + masked,
            "--set=evaluate.split=train",
            "--set=evaluate.inference=sliding-window",
            "--set=evaluate.scales=[0.8,1.0]",
            "--set=evaluate.mirror=true"));
    CommandLine.Said said = run("evaluate", output, arguments.toArray(String[]::new));
    assertThat(said.exitCode()).as(said.err()).isZero();
    return output;
  }

  /** All counts, and the pictures of the lowest mIoU. */
  @Test
  void anEvaluationOfPixelsIsTheSameWhateverTheExecutors() {
    Path one = evaluateMasks("masks-on-one");
    assertThat(folder.resolve("masks-on-two/evaluation.json"))
        .hasSameBinaryContentAs(one.resolve("evaluation.json"));
  }

  private static Path extract(String name, String... more) {
    Path output = folder.resolve(name);
    CommandLine.Said said = run("extract-features", output, more);
    assertThat(said.exitCode()).as(said.err()).isZero();
    return output;
  }

  /** Label maps of the test split. */
  private static Path predict(String name, String... more) {
    Path output = folder.resolve(name);
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.add("--set=model.path=" + folder.resolve("pixels"));
    arguments.add("--set=data.path=" + dataset);
    arguments.add("--set=predict.pictures-per-part=5");
    CommandLine.Said said = run("predict", output, arguments.toArray(String[]::new));
    assertThat(said.exitCode()).as(said.err()).isZero();
    return output;
  }

  /** Of all pictures of the source, whose labels are of no matter. */
  private static Path classes(String name, String... more) {
    Path output = folder.resolve(name);
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.add("--set=model.path=" + folder.resolve("run"));
    arguments.add("--set=source.path=" + raw);
    arguments.add("--set=predict.images-per-file=50");
    CommandLine.Said said = run("predict", output, arguments.toArray(String[]::new));
    assertThat(said.exitCode()).as(said.err()).isZero();
    return output;
  }

  @Test
  void predictionsAreTheSameWhateverTheExecutors() throws IOException {
    Path one = classes("classes");
    Path two = folder.resolve("classes-on-two");
    assertThat(CommandLine.metric(one, "images")).isEqualTo(IMAGES);
    assertThat(CommandLine.metric(two, "predictions-sha256"))
        .isEqualTo(CommandLine.metric(one, "predictions-sha256"));
    for (int part = 0; part < 4; part++) {
      String file = "predictions/part-0000%d.parquet".formatted(part);
      assertThat(two.resolve(file)).hasSameBinaryContentAs(one.resolve(file));
    }
    assertThat(one.resolve("predictions/part-00004.parquet")).doesNotExist();
  }

  @Test
  void labelMapsAreTheSameWhateverTheExecutors() throws IOException {
    Path one = predict("labels");
    Path two = folder.resolve("labels-on-two");
    assertThat(CommandLine.metric(one, "images")).isEqualTo(24);
    assertThat(CommandLine.metric(two, "labels-sha256"))
        .isEqualTo(CommandLine.metric(one, "labels-sha256"));
    try (Stream<Path> all = Files.walk(one)) {
      List<Path> files =
          all.filter(file -> file.toString().endsWith(".png") || file.toString().endsWith(".jsonl"))
              .map(one::relativize)
              .toList();
      // 24 label maps, and a file of lines for each 5 of them.
      assertThat(files).hasSize(24 + 5);
      for (Path file : files) {
        assertThat(two.resolve(file)).hasSameBinaryContentAs(one.resolve(file));
      }
    }
  }

  private static CommandLine.Said run(String command, Path output, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                command,
                "--set=output.path=" + output,
                "--set=features.images-per-file=64",
                "--set=evaluate.batch=16"));
    if (command.equals("extract-features")) {
      arguments.add("--set=model.path=" + folder.resolve("run"));
    }
    if (Stream.of(more).noneMatch(argument -> argument.startsWith("--set=cluster"))) {
      arguments.addAll(List.of("--master=local[1]", "--set=cluster.executors=1"));
    }
    arguments.addAll(List.of(more));
    return CommandLine.run(arguments.toArray(String[]::new));
  }

  private static Map<String, Row> bySource(Path output) throws IOException {
    try (SparkSession spark = LocalSpark.open(1)) {
      Map<String, Row> rows = new HashMap<>();
      for (Row row : spark.read().parquet(output.resolve("features").toString()).collectAsList()) {
        rows.put(row.getAs("source"), row);
      }
      return rows;
    }
  }

  @Test
  void theFilesAreTheSameWhateverTheExecutors() throws IOException {
    Path two = folder.resolve("on-two");
    Path one = folder.resolve("features");
    assertThat(CommandLine.metric(one, "images")).isEqualTo(IMAGES);
    assertThat(CommandLine.metric(one, "features")).isEqualTo(84);
    assertThat(CommandLine.metric(one, "layer")).isEqualTo("f6");
    // 144, 24 and 24 images: 3 + 1 + 1 files.
    assertThat(CommandLine.metric(one, "files")).isEqualTo(5);
    assertThat(CommandLine.metric(two, "features-sha256"))
        .isEqualTo(CommandLine.metric(one, "features-sha256"));
    for (int file = 0; file < 5; file++) {
      String name = "features/part-%05d.parquet".formatted(file);
      assertThat(Files.readAllBytes(two.resolve(name)))
          .isEqualTo(Files.readAllBytes(one.resolve(name)));
    }
  }

  @Test
  void theFooterSaysWhereTheFeaturesComeFrom() throws IOException {
    org.apache.hadoop.fs.Path file =
        new org.apache.hadoop.fs.Path(
            folder.resolve("features/features/part-00000.parquet").toUri());
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file, new Configuration()))) {
      Map<String, String> footer = reader.getFileMetaData().getKeyValueMetaData();
      assertThat(footer)
          .containsEntry("bellows.network", "lenet5")
          .containsEntry("bellows.layer", "f6")
          .containsEntry("bellows.pooling", "average")
          .containsEntry("bellows.source", "file:" + dataset)
          .containsEntry(
              "bellows.model-sha256", TinyModel.of("lenet5", 3).card().parametersSha256())
          .containsKeys(
              "bellows.version", "bellows.dataset-sha256", "bellows.model", "bellows.classes");
      assertThat(footer.get("bellows.input"))
          .contains("\"evaluation-crop\":\"centre\"", "\"resize-pixels\":36", "\"mean\":[0.5,");
    }
  }

  /** A tree read where it lies has the features of the dataset that was prepared from it. */
  @Test
  void aRawSourceGivesTheSameFeaturesAndKeepsBadImages() throws IOException {
    Path tree = folder.resolve("tree");
    TinyTree.render(tree);
    Path bad = Files.write(tree.resolve("test/circle/bad.jpg"), new byte[] {1, 2, 3});
    Path output = extract("from-tree", "--set=source.path=" + tree, "--set=features.top=2");
    assertThat(CommandLine.metric(output, "images")).isEqualTo(IMAGES + 1);
    assertThat(CommandLine.metric(output, "refused")).isEqualTo(1);
    Map<String, Row> prepared = bySource(folder.resolve("features"));
    Map<String, Row> read = bySource(output);
    assertThat(read).hasSize(IMAGES + 1);
    Row without = read.remove("test/circle/bad.jpg");
    assertThat(without.isNullAt(without.fieldIndex("features"))).isTrue();
    assertThat((String) without.getAs("reason")).startsWith("is neither JPEG nor PNG");
    assertThat(read.keySet()).isEqualTo(prepared.keySet());
    read.forEach(
        (source, row) -> {
          Row other = prepared.get(source);
          for (String column : List.of("split", "label", "class")) {
            assertThat(row.<Object>getAs(column)).isEqualTo(other.<Object>getAs(column));
          }
          double[] one = ((Vector) row.getAs("features")).toArray();
          double[] two = ((Vector) other.getAs("features")).toArray();
          for (int i = 0; i < one.length; i++) {
            assertThat(one[i]).isCloseTo(two[i], within(1e-5));
          }
          assertThat(row.getList(row.fieldIndex("top"))).hasSize(2);
        });
    CommandLine.Said said =
        run(
            "extract-features",
            folder.resolve("failing"),
            "--set=source.path=" + tree,
            "--set=features.on-bad-image=fail");
    assertThat(said.exitCode()).isEqualTo(3);
    assertThat(said.err()).contains("image test/circle/bad.jpg is neither JPEG nor PNG");
    assertThat(Files.exists(bad)).isTrue();
    assertThat(CommandLine.result(folder.resolve("failing")).get("status")).isEqualTo("failed");
  }

  @Test
  void aManifestsBadRowsAreKeptWithTheirReason() throws IOException {
    Path manifest = folder.resolve("manifest.csv");
    Path image;
    try (Stream<Path> images = Files.walk(raw.resolve("test/circle"))) {
      image = images.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    Files.write(manifest, List.of("path,label", image + ",round", "gone.jpg,round"));
    Path output = extract("from-manifest", "--set=source.path=" + manifest);
    assertThat(CommandLine.metric(output, "images")).isEqualTo(2);
    Map<String, Row> rows = bySource(output);
    // Row 1 is the header.
    assertThat(rows).containsKey("manifest.csv#3");
    Row bad = rows.get("manifest.csv#3");
    assertThat(bad.<String>getAs("reason"))
        .isEqualTo("row 3 names gone.jpg, and there is no such file");
    assertThat(bad.isNullAt(bad.fieldIndex("label"))).isTrue();
  }

  @Test
  void theBenchmarkSaysHowMuchOfTheBareRateIsLeft() throws IOException {
    Path output = folder.resolve("benchmark");
    CommandLine.Said said =
        CommandLine.run(
            "benchmark",
            "features",
            "--rounds=1",
            "--set=model.path=" + folder.resolve("run"),
            "--set=data.path=" + dataset,
            "--set=output.path=" + output);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out()).startsWith("layer f6, 192 images: bare forward ");
    assertThat((Double) CommandLine.metric(output, "ratio")).isPositive();
  }

  @Test
  void whatIsWrongIsSaid() {
    Path output = folder.resolve("wrong");
    CommandLine.Said neither = run("extract-features", output);
    assertThat(neither.exitCode()).isEqualTo(2);
    assertThat(neither.err()).contains("data.path: is not set, nor is source.path");
    CommandLine.Said both =
        run("extract-features", output, "--set=data.path=/a", "--set=source.path=/b");
    assertThat(both.exitCode()).isEqualTo(2);
    assertThat(both.err()).contains("data.path: is /a, and source.path is /b; give only one");
    CommandLine.Said layer =
        run("extract-features", output, "--set=data.path=" + dataset, "--set=features.layer=fc9");
    assertThat(layer.exitCode()).isEqualTo(2);
    assertThat(layer.err()).contains("lenet5 has no layer \"fc9\"; it has c1, s2,");
    assertThat(output.resolve("run.json")).doesNotExist();
    Path inside = dataset.resolve("features");
    CommandLine.Said among = run("extract-features", inside, "--set=data.path=" + dataset);
    assertThat(among.exitCode()).isEqualTo(2);
    assertThat(among.err())
        .contains(
            "output.path: is %s, and data.path is %s: one is inside the other"
                .formatted(inside, dataset));
    assertThat(inside).doesNotExist();
    CommandLine.Said onto =
        run("train-head", folder, "--set=features.path=" + folder.resolve("features"));
    assertThat(onto.exitCode()).isEqualTo(2);
    assertThat(onto.err()).contains("the input would be replaced by the output");
    CommandLine.Said none = run("train-head", output, "--set=features.path=" + raw);
    assertThat(none.exitCode()).isEqualTo(3);
    assertThat(none.err()).contains("there are no features at file:" + raw);
    CommandLine.Said split =
        run(
            "train-head",
            output,
            "--set=features.path=" + folder.resolve("features"),
            "--set=train.validation-split=holdout");
    assertThat(split.exitCode()).isEqualTo(3);
    assertThat(split.err())
        .contains(
            "hold no split \"holdout\" (train.validation-split); they hold test, train and"
                + " validation");
    CommandLine.Said tiny =
        run(
            "train-head",
            folder.resolve("tiny-head"),
            "--set=features.path=" + folder.resolve("features"),
            "--set=head.validation-fraction=0.000001");
    assertThat(tiny.exitCode()).as(tiny.err()).isEqualTo(3);
    assertThat(tiny.err())
        .contains(
            "of the 144 samples of split \"train\" (train.split) head.validation-fraction = 1.0E-6"
                + " leaves 144 to train on and 0 to validate on; both must be more than 0")
        .doesNotContain("\tat ");
  }

  private static Path head(String name, String... more) {
    return headChosenBy("24 images of split validation, regularisation 0\\.\\d+; ", name, more);
  }

  /**
   * @param chosenBy pattern of what is said of the samples that the head was chosen by
   */
  private static Path headChosenBy(String chosenBy, String name, String... more) {
    Path output = folder.resolve(name);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--set=features.path=" + folder.resolve("features"),
                "--set=head.regularisation=[0.001, 0.01]",
                "--set=head.max-iterations=15"));
    arguments.addAll(List.of(more));
    CommandLine.Said said = run("train-head", output, arguments.toArray(String[]::new));
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.err())
        .containsPattern(
            "done: top-1 [\\d.]+ % on "
                + chosenBy
                + "top-1 [\\d.]+ % on 24 images of split test; pipelines in ");
    return output;
  }

  @Test
  void aHeadIsTheSameWhateverTheExecutorsAndServesInAnotherProcess() throws Exception {
    Path one = head("head-on-one");
    Path two = folder.resolve("head-on-two");
    assertThat(CommandLine.metric(one, "kind")).isEqualTo("logistic-regression");
    assertThat((Double) CommandLine.metric(one, "top1")).isGreaterThan(0.3);
    assertThat(CommandLine.metric(one, "test-images")).isEqualTo(24);
    assertThat((List<?>) CommandLine.metric(one, "trials")).hasSize(2);
    assertThat(Files.readString(one.resolve("report.html")))
        .contains("train-head", "Confusion matrix", "circle", ">split test<")
        .contains("<dt>chosen by</dt>", "images of split validation", "<dt>tested on</dt>")
        .contains("<dt>duration</dt>")
        .doesNotContain("Trial[", ">–<", ">steps<", "Training");
    assertThat(Files.readAllBytes(two.resolve("evaluation.json")))
        .isEqualTo(Files.readAllBytes(one.resolve("evaluation.json")));
    Path moved = Files.move(one.resolve("pipeline"), folder.resolve("moved-pipeline"));
    String images = raw.resolve("test").toString();
    List<String> here;
    try (SparkSession spark = LocalSpark.open(1)) {
      assertThat(coefficients(two)).isEqualTo(coefficients(one));
      here = SavedPipelineMain.apply(spark, moved.toString(), images, "predicted");
    }
    assertThat(here).hasSize(24);
    Path answer = folder.resolve("answer.txt");
    inAnotherProcess(moved.toString(), images, "predicted", answer.toString());
    assertThat(Files.readAllLines(answer)).isEqualTo(here);
    long right = here.stream().filter(line -> line.matches(".*/([^/]+)/[^/]+ \\1")).count();
    assertThat(right / 24.0).isEqualTo((Double) CommandLine.metric(two, "test-top1"));
  }

  private static String coefficients(Path output) {
    PipelineModel head = PipelineModel.load(output.resolve("head").toString());
    LogisticRegressionModel model = (LogisticRegressionModel) head.stages()[0];
    return Json.line(model.coefficientMatrix().toArray())
        + Json.line(model.interceptVector().toArray());
  }

  private static void inAnotherProcess(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().get()));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--add-opens") || option.startsWith("-Djdk"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx768m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            SavedPipelineMain.class.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("process.log").toFile())
            .start();
    assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(folder.resolve("process.log"))).isZero();
  }

  @Test
  @Tag("slow")
  void otherHeadsAndAShareOfTheTrainingSamplesForValidation() throws IOException {
    Path svm =
        head(
            "svm",
            "--set=head.kind=linear-svm",
            "--set=head.regularisation=[0.01]",
            "--set=head.max-iterations=5");
    assertThat((Double) CommandLine.metric(svm, "top1")).isGreaterThan(0.3);
    assertThat(CommandLine.metric(svm, "loss")).isNull();
    Path forest =
        headChosenBy(
            "\\d+ images of a share of train; ",
            "forest",
            "--set=head.kind=random-forest",
            "--set=head.trees=60",
            "--set=head.depth=8",
            "--set=head.validation-fraction=0.25");
    assertThat((Double) CommandLine.metric(forest, "top1")).isGreaterThan(0.25);
    int train = (Integer) CommandLine.metric(forest, "train-images");
    int validation = (Integer) CommandLine.metric(forest, "validation-images");
    assertThat(train + validation).isEqualTo(144);
    assertThat(validation).isBetween(20, 55);
  }
}
