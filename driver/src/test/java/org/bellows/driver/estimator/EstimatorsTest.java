// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.ml.tuning.TrainValidationSplitModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.bellows.conf.BellowsException;
import org.bellows.driver.CommandLine;
import org.bellows.driver.TinyMasks;
import org.bellows.driver.TinyTree;
import org.bellows.driver.TwoExecutors;
import org.bellows.driver.features.ImageLabelMaps;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
@Tag("instructions")
@Tag("once")
@Timeout(600)
class EstimatorsTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("content", DataTypes.BinaryType)
          .add("path", DataTypes.StringType)
          .add("label", DataTypes.StringType)
          .add("isForValidation", DataTypes.BooleanType);

  /** 6 lanes of 4 on 72 rows for training. */
  private static final String[] SETTINGS = {
    "model.height-pixels=32",
    "model.width-pixels=32",
    "train.global-batch=24",
    "train.lane-batch=4",
    "augment.crop=random-resized",
    "schedule.warmup-epochs=0",
    "checkpoint.interval-steps=4"
  };

  @TempDir static Path folder;

  private static TwoExecutors executors;
  private static SparkSession spark;
  private static Dataset<Row> rows;

  @BeforeAll
  static void start() throws IOException {
    Path raw = TinyTree.render(folder.resolve("raw"));
    List<Row> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(raw)) {
      List<Path> sorted = files.filter(Files::isRegularFile).sorted().toList();
      // One of two: each class is in both parts.
      for (int i = 0; i < sorted.size(); i += 2) {
        Path file = sorted.get(i);
        Path name = raw.relativize(file);
        all.add(
            RowFactory.create(
                Files.readAllBytes(file),
                file.toString(),
                name.getName(1).toString(),
                !name.getName(0).toString().equals("train")));
      }
    }
    executors = TwoExecutors.start();
    spark = SparkSession.builder().getOrCreate();
    spark.conf().set("spark.sql.shuffle.partitions", "2");
    rows = spark.createDataFrame(all, SCHEMA).repartition(3);
  }

  @AfterAll
  static void stop() {
    executors.close();
  }

  private static ImageClassifier classifier() {
    return new ImageClassifier()
        .setNetwork("lenet5")
        .setWorkPath(folder.resolve("work").toString())
        .setValidationIndicatorCol("isForValidation")
        .setMaxIter(2)
        .setStepSize(0.1)
        .setSettings(SETTINGS);
  }

  /** The dataset that the fit prepared, trained on by the command with the same settings. */
  @Test
  void aFitIsTheRunOfTheCommandToTheBit() throws IOException {
    ImageClassifierModel model =
        classifier().setReportPath(folder.resolve("page.html").toString()).fit(rows);
    Path dataset;
    try (Stream<Path> datasets = Files.list(folder.resolve("work/datasets"))) {
      dataset =
          datasets
              .filter(path -> Files.exists(path.resolve("shards/validation-00000.parquet")))
              .findFirst()
              .orElseThrow();
    }
    Path run = folder.resolve("command");
    List<String> command =
        new ArrayList<>(
            List.of(
                "train",
                "--set=data.path=" + dataset,
                "--set=output.path=" + run,
                "--set=model.name=lenet5",
                "--set=train.epochs=2",
                "--set=schedule.base-lr=0.1",
                TwoExecutors.MEMORY,
                "--set=cluster.executors=2"));
    Arrays.stream(SETTINGS).forEach(setting -> command.add("--set=" + setting));
    CommandLine.Said said = CommandLine.run(command.toArray(String[]::new));
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(model.summary().get("parameters-sha256"))
        .isEqualTo(CommandLine.metric(run, "parameters-sha256"));
    assertThat(Files.readString(folder.resolve("page.html"))).contains("<html");
    // A second fit finds dataset and run, whatever the order of the rows.
    long before =
        Files.getLastModifiedTime(Path.of(model.path().replace("file:", ""), "result.json"))
            .toMillis();
    ImageClassifierModel again = classifier().fit(rows.orderBy("path").coalesce(1));
    assertThat(again.path()).isEqualTo(model.path());
    assertThat(
            Files.getLastModifiedTime(Path.of(again.path().replace("file:", ""), "result.json"))
                .toMillis())
        .isEqualTo(before);
    assertPredicts(model, run);
  }

  /** As the command's evaluation counts, and as each row says. */
  private static void assertPredicts(ImageClassifierModel model, Path run) throws IOException {
    // In one order: the last digits of an answer depend on the batch that it is computed in.
    Dataset<Row> held = rows.where("isForValidation").coalesce(1).sortWithinPartitions("path");
    Dataset<Row> answers = model.transform(held);
    assertThat(answers.columns())
        .containsExactly(
            "content",
            "path",
            "label",
            "isForValidation",
            "rawPrediction",
            "probability",
            "prediction",
            "predictedLabel",
            "reason");
    List<Row> collected = answers.collectAsList();
    long right = 0;
    for (Row row : collected) {
      Vector probability = row.getAs("probability");
      Vector raw = row.getAs("rawPrediction");
      double sum = 0;
      for (int label = 0; label < probability.size(); label++) {
        sum += probability.apply(label);
        assertThat(raw.apply(label)).isCloseTo(Math.log(probability.apply(label)), within(1e-12));
      }
      assertThat(sum).isCloseTo(1, within(1e-5));
      assertThat(row.<Double>getAs("prediction")).isEqualTo(probability.argmax());
      right += row.getAs("predictedLabel").equals(row.getAs("label")) ? 1 : 0;
    }
    double top1 = ((Number) CommandLine.metric(run, "top1")).doubleValue();
    assertThat((double) right / collected.size()).isCloseTo(top1, within(1e-9));
    String path = folder.resolve("saved").toString();
    model.write().overwrite().save(path);
    ImageClassifierModel loaded = ImageClassifierModel.load(path);
    loaded.write().overwrite().save(path);
    assertThat(ImageClassifierModel.load(path).transform(held).collectAsList())
        .isEqualTo(collected);
  }

  /** With bad rows beside good ones, and a pipeline from text to the name of a class. */
  @Test
  void aSearchOverLearningRatesInAPipelineIsSavedAndLoaded() throws IOException {
    StringIndexer indexer = new StringIndexer().setInputCol("label").setOutputCol("index");
    ImageClassifier classifier = classifier().setLabelCol("index").setMaxIter(1);
    classifier.clear(classifier.validationIndicatorCol());
    Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {indexer, classifier});
    ParamMap[] grid =
        new ParamGridBuilder().addGrid(classifier.stepSize(), new double[] {1e-6, 0.1}).build();
    TrainValidationSplit search =
        new TrainValidationSplit()
            .setEstimator(pipeline)
            .setEvaluator(
                new MulticlassClassificationEvaluator()
                    .setLabelCol("index")
                    .setMetricName("logLoss"))
            .setEstimatorParamMaps(grid)
            .setTrainRatio(0.8)
            .setSeed(7);
    TrainValidationSplitModel found = search.fit(rows.where("not isForValidation"));
    assertThat(found.validationMetrics()).hasSize(2).doesNotHaveDuplicates();
    String saved = folder.resolve("search").toString();
    found.write().overwrite().save(saved);
    PipelineModel best = (PipelineModel) TrainValidationSplitModel.load(saved).bestModel();
    Dataset<Row> answers = best.transform(rows.where("isForValidation"));
    List<String> classes =
        rows.select("label").distinct().collectAsList().stream()
            .map(row -> row.getString(0))
            .toList();
    assertThat(
            answers.select("predictedLabel").collectAsList().stream()
                .map(row -> row.getString(0))
                .toList())
        .hasSize((int) rows.where("isForValidation").count())
        .allMatch(classes::contains);
    Dataset<Row> broken =
        rows.limit(2).withColumn("content", functions.lit("no picture".getBytes("UTF-8")));
    Row row = best.transform(broken).first();
    assertThat(row.isNullAt(row.fieldIndex("prediction"))).isTrue();
    assertThat(row.<String>getAs("reason")).startsWith("is neither JPEG nor PNG");
    String untrained = folder.resolve("untrained").toString();
    classifier.write().overwrite().save(untrained);
    assertThat(ImageClassifier.load(untrained).fitSettings()).isEqualTo(classifier.fitSettings());
  }

  /** Encoded pictures and paths of masks; the answers are those of the transformer alone. */
  @Test
  void aSegmenterLearnsMasksAndAnswersAsLabelMapsDo() throws IOException {
    Path source = TinyMasks.render(folder.resolve("masked"));
    List<Row> pictures = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      pictures.add(
          RowFactory.create(
              Files.readAllBytes(source.resolve("images/" + i + ".png")),
              source.resolve("masks/" + i + ".png").toString()));
    }
    StructType schema =
        new StructType().add("content", DataTypes.BinaryType).add("mask", DataTypes.StringType);
    Dataset<Row> masked = spark.createDataFrame(pictures, schema);
    ImageSegmenter segmenter =
        new ImageSegmenter()
            .setNetwork("unet-8")
            .setWorkPath(folder.resolve("work").toString())
            .setMaxIter(1)
            .setSettings(
                new String[] {
                  "source.pixel-classes=[a,b,c,d,e]",
                  "model.height-pixels=32",
                  "model.width-pixels=32",
                  "augment.crop=random-scale",
                  "augment.evaluation-crop=resize",
                  "train.global-batch=4",
                  "train.lane-batch=2"
                });
    PipelineModel model = new Pipeline().setStages(new PipelineStage[] {segmenter}).fit(masked);
    String saved = folder.resolve("segmenter").toString();
    model.write().overwrite().save(saved);
    PipelineModel loaded = PipelineModel.load(saved);
    ImageSegmenterModel trained = (ImageSegmenterModel) loaded.stages()[0];
    Dataset<Row> maps =
        new ImageLabelMaps()
            .setModelPath(trained.path())
            .setOutputCol("prediction")
            .transform(masked);
    assertThat(loaded.transform(masked).collectAsList()).isEqualTo(maps.collectAsList());
    assertThat(loaded.transform(masked).select("prediction.height").first().getInt(0))
        .isEqualTo(50);
    assertThatThrownBy(() -> segmenter.copy(ParamMap.empty()).setMaskCol("content").fit(masked))
        .hasMessageContaining("column content is binary, expected string (paths of masks)");
  }

  /** The program that the documentation shows, from a copy of its source. */
  @Test
  void theExampleSearchesTrainsAndSaves() throws Exception {
    Path classes = Files.createDirectories(folder.resolve("example"));
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-d",
                classes.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Path.of("..", "deploy", "examples", "ClothingPipeline.java").toString());
    assertThat(result).isZero();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
      Method run =
          loader.loadClass("ClothingPipeline").getMethod("run", SparkSession.class, String[].class);
      List<String> arguments =
          new ArrayList<>(
              List.of(
                  few(folder.resolve("raw"), folder.resolve("few")).toString(),
                  folder.resolve("clothing").toString(),
                  "lenet5",
                  "1",
                  "0.05"));
      arguments.addAll(List.of(SETTINGS));
      double accuracy = (double) run.invoke(null, spark, arguments.toArray(String[]::new));
      assertThat(accuracy).isBetween(0.0, 1.0);
    }
    assertThat(folder.resolve("clothing/report.html")).exists();
    assertThat(folder.resolve("clothing/pipeline/metadata")).exists();
  }

  /** One picture of three. */
  private static Path few(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      List<Path> files = all.filter(Files::isRegularFile).sorted().toList();
      for (int i = 0; i < files.size(); i += 3) {
        Path copy = to.resolve(from.relativize(files.get(i)).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(files.get(i), copy);
      }
    }
    return to;
  }

  @Test
  void allThatIsWrongIsSaidBeforeAnyJob() {
    ImageClassifier wrong =
        new ImageClassifier()
            .setNetwork("lenet6")
            .setMaxIter(3)
            .setInputCol("photo")
            .setSettings(
                new String[] {
                  "data.path=/x", "train.epochs=2", "source.seed=1", "optimizer.nam=sgd"
                });
    assertThatThrownBy(() -> wrong.fit(rows))
        .isInstanceOf(BellowsException.class)
        .hasMessageContaining("workPath: is not set; datasets and runs are written below it")
        .hasMessageContaining("settings: holds data.path, which workPath decides")
        .hasMessageContaining(
            "settings: holds train.epochs, and a parameter of its own is set for it")
        .hasMessageContaining("lenet6")
        .hasMessageContaining("optimizer.nam")
        .hasMessageContaining(
            "there is no column photo; there are content, path, label and isForValidation");
    assertThatThrownBy(
            () -> classifier().setSettings(new String[] {"cluster.cores-per-lane=2"}).fit(rows))
        .hasMessageContaining(
            "spark.executorEnv.OMP_NUM_THREADS: is 1, but cluster.cores-per-lane is 2");
  }

  @Test
  void settingsOfASessionAreThoseOfTheCommandLine() {
    Map<String, String> conf =
        SessionSettings.of("cluster.executors=2", "cluster.cores-per-lane=2");
    assertThat(conf)
        .containsEntry("spark.plugins", "org.bellows.driver.spark.BellowsPlugin")
        .containsEntry("spark.executorEnv.OMP_NUM_THREADS", "2")
        .containsEntry("spark.task.cpus", "2");
  }
}
