// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.bellows.conf.BellowsException;
import org.bellows.driver.TinyMasks;
import org.bellows.driver.features.ImageLabelMaps;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Both estimators inside what Spark ML makes of estimators: pipelines and searches. */
@Tag("integration")
@Tag("instructions")
@Tag("once")
@Timeout(600)
class PipelineTest {
  @TempDir static Path folder;

  private static EstimatorSession session;

  @BeforeAll
  static void start() throws IOException {
    session = EstimatorSession.start(folder);
  }

  @AfterAll
  static void stop() {
    session.close();
  }

  /** With bad rows beside good ones, from text to the name of a class. */
  @Test
  void aPipelineIsSavedAndLoaded() throws IOException {
    Dataset<Row> rows = session.rows();
    StringIndexer indexer = new StringIndexer().setInputCol("label").setOutputCol("index");
    ImageClassifier classifier =
        EstimatorSession.classifier(folder.resolve("work")).setLabelCol("index").setMaxIter(1);
    classifier.clear(classifier.validationIndicatorCol());
    PipelineModel fitted =
        new Pipeline()
            .setStages(new PipelineStage[] {indexer, classifier})
            .fit(rows.where("not isForValidation"));
    String saved = folder.resolve("pipeline").toString();
    fitted.write().overwrite().save(saved);
    PipelineModel read = PipelineModel.load(saved);
    Dataset<Row> answers = read.transform(rows.where("isForValidation"));
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
    Row row = read.transform(broken).first();
    assertThat(row.isNullAt(row.fieldIndex("prediction"))).isTrue();
    assertThat(row.<String>getAs("reason")).startsWith("is neither JPEG nor PNG");
    String untrained = folder.resolve("untrained").toString();
    classifier.write().overwrite().save(untrained);
    assertThat(ImageClassifier.load(untrained).fitSettings(false))
        .isEqualTo(classifier.fitSettings(false));
  }

  /**
   * Two fits at a time in one session, on masks in a column, judged by mIoU. What the search ends
   * with answers as label maps do.
   */
  @Test
  void aCrossValidationOverASegmenterIsJudgedByMeanIou() throws IOException {
    Dataset<Row> masked = masked(TinyMasks.render(folder.resolve("masked")));
    String[] masks = {"source.pixel-classes=[a,b,c,d,e]"};
    ImageSegmenter segmenter =
        new ImageSegmenter()
            .setNetwork("unet-8")
            .setWorkPath(folder.resolve("masked-work").toString())
            .setMaxIter(1)
            .setSettings(
                new String[] {
                  masks[0],
                  "model.height-pixels=32",
                  "model.width-pixels=32",
                  "augment.crop=random-scale",
                  "augment.evaluation-crop=resize",
                  "train.global-batch=2",
                  "train.lane-batch=1",
                  "optimizer.name=adam"
                });
    ParamMap[] grid =
        new ParamGridBuilder().addGrid(segmenter.stepSize(), new double[] {1e-6, 0.01}).build();
    SegmentationEvaluator evaluator = new SegmentationEvaluator().setSettings(masks);
    CrossValidatorModel found =
        new CrossValidator()
            .setEstimator(segmenter)
            .setEvaluator(evaluator)
            .setEstimatorParamMaps(grid)
            .setNumFolds(2)
            .setFoldCol("fold")
            .setParallelism(2)
            .fit(masked);
    assertThat(found.avgMetrics()).hasSize(2).doesNotHaveDuplicates();
    try (Stream<Path> runs = Files.list(folder.resolve("masked-work/runs"))) {
      assertThat(runs).hasSize(5);
    }
    String saved = folder.resolve("cross-validation").toString();
    found.write().overwrite().save(saved);
    CrossValidatorModel loaded = CrossValidatorModel.load(saved);
    ImageSegmenterModel best = (ImageSegmenterModel) loaded.bestModel();
    Dataset<Row> answers = best.transform(masked);
    assertThat(answers.collectAsList())
        .isEqualTo(
            new ImageLabelMaps()
                .setModelPath(best.path())
                .setOutputCol("prediction")
                .transform(masked)
                .collectAsList());
    assertThat(answers.select("prediction.height").first().getInt(0)).isEqualTo(50);
    assertEvaluates((SegmentationEvaluator) loaded.getEvaluator(), answers);
    assertThatThrownBy(() -> segmenter.copy(ParamMap.empty()).setMaskCol("fold").fit(masked))
        .hasMessageContaining(
            "the DataFrame has \"fold\" as int, expected binary (encoded masks), string (paths) or"
                + " a struct with binary bytes");
  }

  /** Label maps that are the masks themselves are right, and of a wrong class they are not. */
  private static void assertEvaluates(SegmentationEvaluator evaluator, Dataset<Row> answers) {
    double miou = evaluator.evaluate(answers);
    assertThat(miou).isBetween(0.0, 0.99);
    Dataset<Row> right =
        answers.withColumn(
            "prediction",
            functions.struct(
                functions.col("prediction.height"),
                functions.col("prediction.width"),
                functions.col("mask").as("png")));
    assertThat(evaluator.evaluate(right)).isEqualTo(1);
    // b's pixels, the left 20 columns, stay; d's are taken for c: a class that is not there.
    SegmentationEvaluator accuracy =
        new SegmentationEvaluator()
            .setMetricName("pixel-accuracy")
            .setSettings(new String[] {"source.pixel-classes=[a,b,c,d,e]", "source.mask-void=[3]"});
    assertThat(accuracy.evaluate(right)).isEqualTo(1);
    assertThat(accuracy.isLargerBetter()).isTrue();
    assertThatThrownBy(
            () ->
                new SegmentationEvaluator()
                    .setSettings(new String[] {"source.pixel-classes=[a,b]"})
                    .evaluate(right))
        .isInstanceOf(BellowsException.class)
        .hasMessageContaining("row 0 of partition 0 has a mask, ");
    assertThatThrownBy(() -> evaluator.copy(ParamMap.empty()).setMetricName("top1"))
        .hasMessage(
            "metricName is \"top1\", allowed: miou, pixel-accuracy, mean-accuracy or"
                + " frequency-weighted-iou");
    assertThatThrownBy(() -> evaluator.setSettings(new String[] {"source.mask-orientation=stored"}))
        .hasMessageStartingWith(
            "settings holds source.mask-orientation, which comparing masks does not depend on");
  }

  private static Dataset<Row> masked(Path source) throws IOException {
    List<Row> pictures = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      pictures.add(
          RowFactory.create(
              Files.readAllBytes(source.resolve("images/" + i + ".png")),
              Files.readAllBytes(source.resolve("masks/" + i + ".png")),
              i % 2));
    }
    StructType schema =
        new StructType()
            .add("content", DataTypes.BinaryType)
            .add("mask", DataTypes.BinaryType)
            .add("fold", DataTypes.IntegerType);
    return session.spark().createDataFrame(pictures, schema).coalesce(1);
  }

  /** The program that the documentation shows, from a copy of its source. */
  @Test
  @Tag("slow")
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
      arguments.addAll(List.of(EstimatorSession.SETTINGS));
      double accuracy =
          (double) run.invoke(null, session.spark(), arguments.toArray(String[]::new));
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
}
