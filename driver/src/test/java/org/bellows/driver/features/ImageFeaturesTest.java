// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.bellows.conf.AugmentSettings;
import org.bellows.conf.BellowsException;
import org.bellows.conf.EvaluateSettings;
import org.bellows.conf.Precision;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.data.batch.EvaluationTransform;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.driver.CommandLine;
import org.bellows.driver.TinyTree;
import org.bellows.worker.engine.Arithmetic;
import org.bellows.worker.engine.InferenceArithmetic;
import org.bellows.worker.engine.onednn.arithmetic.Processor;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.network.LaneNetwork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
@Timeout(600)
@Tag("lines")
class ImageFeaturesTest {
  private static final int IMAGES = 30;

  @TempDir static Path folder;

  private static SparkSession spark;
  private static TrainedModel model;
  private static List<Path> files;

  @BeforeAll
  static void prepare() throws IOException {
    model = TinyModel.write(folder.resolve("run"), "lenet5", 3);
    try (Stream<Path> all = Files.walk(TinyTree.render(folder.resolve("raw")))) {
      files = all.filter(Files::isRegularFile).sorted().limit(IMAGES).toList();
    }
    spark = LocalSpark.open(2);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static ImageFeatures transformer() {
    return new ImageFeatures().setModelPath(folder.resolve("run").toString()).setBatchSize(4);
  }

  /** id, content, note: rows in an order that is not that of the ids. */
  private static Dataset<Row> shuffled(int partitions) throws IOException {
    Metadata noted = new MetadataBuilder().putString("unit", "none").build();
    StructType schema =
        new StructType()
            .add("id", DataTypes.IntegerType, false)
            .add("content", DataTypes.BinaryType)
            .add("note", DataTypes.StringType, true, noted);
    List<Row> rows = new ArrayList<>();
    for (int id = 0; id < IMAGES; id++) {
      rows.add(RowFactory.create(id, Files.readAllBytes(files.get(id)), "note " + id));
    }
    Collections.shuffle(rows, new Random(5));
    return spark.createDataFrame(rows, schema).repartition(partitions);
  }

  /** By evaluate's own classes, one image at a time. */
  private static float[] expected(Path file, String layer) throws IOException {
    AugmentSettings augment = new SettingsLoader().load(List.of(), List.of()).augment();
    EvaluationTransform transform = EvaluationTransform.checked(model.inputSpec(augment));
    float[] pixels = new float[3 * 32 * 32];
    ImageDecoder decoder = new ImageDecoder(ImageDecoder.MOST_PIXELS);
    transform.apply(decoder.inspected(Files.readAllBytes(file), "file"), pixels, 0);
    try (LaneNetwork network = model.open()) {
      return network.activations(pixels, 1, layer).averaged().values();
    }
  }

  private static void assertVector(Object actual, float[] expected) {
    double[] values = ((Vector) actual).toArray();
    assertThat(values).hasSameSizeAs(expected);
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i]).isCloseTo(expected[i], within(1e-5));
    }
  }

  @Test
  void everyRowKeepsItsPlaceAndItsColumnsAndGetsItsOwnFeatures() throws IOException {
    Dataset<Row> images = shuffled(3).cache();
    Dataset<Row> features = transformer().setThreads(2).transform(images);
    assertThat(features.columns()).containsExactly("id", "content", "note", "features", "reason");
    assertThat(features.schema().apply("note").metadata().getString("unit")).isEqualTo("none");
    List<Row> before = images.collectAsList();
    List<Row> after = features.collectAsList();
    assertThat(after).hasSize(IMAGES);
    for (int i = 0; i < IMAGES; i++) {
      int id = before.get(i).getInt(0);
      assertThat(after.get(i).getInt(0)).isEqualTo(id);
      assertThat((byte[]) after.get(i).get(1)).isEqualTo((byte[]) before.get(i).get(1));
      assertThat(after.get(i).getString(2)).isEqualTo("note " + id);
      assertVector(after.get(i).get(3), expected(files.get(id), "f6"));
      assertThat(after.get(i).isNullAt(4)).isTrue();
    }
  }

  @Test
  void anyLayerPooledOrFlat() throws IOException {
    Dataset<Row> images = shuffled(1);
    Row pooled = transformer().setLayer("s4").transform(images).first();
    Row flat = transformer().setLayer("s4").setPooling("flat").transform(images).first();
    assertVector(pooled.getAs("features"), expected(files.get(pooled.getInt(0)), "s4"));
    double[] map = ((Vector) flat.getAs("features")).toArray();
    assertThat(map).hasSize(16 * 6 * 6);
    double sum = 0;
    for (int i = 0; i < 36; i++) {
      sum += map[i];
    }
    assertThat(((Vector) pooled.getAs("features")).apply(0)).isCloseTo(sum / 36, within(1e-5));
  }

  @Test
  void anotherEngineAnswersNearlyTheSame() throws IOException {
    Dataset<Row> images = shuffled(1);
    double[] onednn = features(transformer(), images);
    double[] torch = features(transformer().setEngine("torch"), images);
    assertThat(torch).isNotEqualTo(onednn).containsExactly(onednn, within(1e-4));
    assertThatThrownBy(() -> features(transformer().setEngine("abacus"), images))
        .hasMessageContaining("the step engine is abacus, but this build has the step engines");
  }

  private static double[] features(ImageFeatures stage, Dataset<Row> images) {
    return ((Vector) stage.transform(images).first().getAs("features")).toArray();
  }

  /** Where the processor has none, it says so. */
  @Test
  void bfloat16AnswersALittleDifferentlyOrIsRefused() throws IOException {
    NativeLibraries.load();
    ImageFeatures stage = transformer().setPrecision("bfloat16");
    Dataset<Row> images = shuffled(1);
    Arithmetic arithmetic =
        Arithmetic.ofInference(
            new InferenceArithmetic(
                EvaluateSettings.InferenceConvolutions.DIRECT, Precision.BFLOAT16));
    Optional<String> refusal = Processor.refusal(arithmetic);
    if (refusal.isPresent()) {
      assertThatThrownBy(() -> stage.transform(images).first())
          .hasMessageContaining("evaluate.precision is bfloat16, which needs a processor");
      return;
    }
    double[] floats = features(transformer(), images);
    double[] halves = features(stage, images);
    assertThat(halves).isNotEqualTo(floats).containsExactly(floats, within(0.05));
    assertThatThrownBy(() -> transformer().setPrecision("half"))
        .hasMessage("precision is \"half\", allowed: float32, tf32, bfloat16");
  }

  @Test
  void theLikeliestClassesAreThoseThatPredictPrints() throws IOException {
    Path output = folder.resolve("predicted");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "predict",
                "--set=model.path=" + folder.resolve("run"),
                "--set=output.path=" + output,
                "--set=predict.top=3"));
    files.forEach(file -> arguments.add(file.toString()));
    CommandLine.Said said = CommandLine.run(arguments.toArray(String[]::new));
    assertThat(said.exitCode()).as(said.err()).isZero();
    Map<?, ?> predictions = (Map<?, ?>) CommandLine.metric(output, "predictions");
    for (Row row : transformer().setTop(3).transform(shuffled(2)).collectAsList()) {
      List<?> predicted = (List<?>) predictions.get(files.get(row.getInt(0)).toString());
      List<Row> top = row.getList(row.fieldIndex("top"));
      assertThat(top).hasSize(3);
      for (int rank = 0; rank < 3; rank++) {
        Map<?, ?> one = (Map<?, ?>) predicted.get(rank);
        assertThat(top.get(rank).getString(0)).isEqualTo(one.get("label"));
        assertThat(top.get(rank).getDouble(1))
            .isCloseTo(((Number) one.get("probability")).doubleValue(), within(1e-6));
      }
    }
  }

  private static Dataset<Row> withBadOnes() {
    List<String> paths = new ArrayList<>();
    files.stream().limit(6).forEach(file -> paths.add(file.toString()));
    paths.add(2, folder.resolve("gone.jpg").toString());
    paths.add(4, null);
    paths.add(5, folder.resolve("run/model/model.json").toString());
    return spark
        .createDataset(paths, org.apache.spark.sql.Encoders.STRING())
        .toDF("photograph")
        .coalesce(1);
  }

  @Test
  void aBadImageGetsNoFeaturesButAReason() throws IOException {
    List<Row> rows =
        transformer().setInputCol("photograph").transform(withBadOnes()).collectAsList();
    assertThat(rows).hasSize(9);
    assertThat(rows.get(2).isNullAt(1)).isTrue();
    assertThat(rows.get(2).getString(2)).startsWith("cannot be read: ").contains("gone.jpg");
    assertThat(rows.get(4).getString(2)).isEqualTo("is null");
    assertThat(rows.get(5).getString(2)).startsWith("is neither JPEG nor PNG");
    assertVector(rows.get(3).get(1), expected(files.get(2), "f6"));
    assertVector(rows.get(8).get(1), expected(files.get(5), "f6"));
  }

  /** Each names a reason of its own; none of them ends the job. */
  @Test
  void whatIsNoPathOfAnImageGetsAReasonInItsRow() throws IOException {
    Path large = folder.resolve("large.jpg");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength((1L << 28) + 1);
    }
    Map<String, String> reasons = new LinkedHashMap<>();
    reasons.put("", "is an empty path");
    reasons.put("  ", "is an empty path");
    reasons.put("a:b.jpg", "cannot be read: Relative path in absolute URI: a:b.jpg");
    reasons.put("C:\\x.jpg", "cannot be read: Relative path in absolute URI: C:%5Cx.jpg");
    reasons.put("nosuch://h/x.jpg", "cannot be read: No FileSystem for scheme \"nosuch\"");
    reasons.put("hdfs:///x.jpg", "cannot be read: Incomplete HDFS URI, no host: hdfs:///x.jpg");
    reasons.put("hdfs://no-such-host.invalid/x.jpg", "cannot be read: ");
    reasons.put("gs://bucket/x.jpg", "cannot be read: ");
    reasons.put(folder.toString(), "cannot be read: ");
    reasons.put(large.toString(), "has more than the 268435456 bytes that are allowed");
    List<String> paths = new ArrayList<>(reasons.keySet());
    paths.add(files.get(0).toString());
    List<Row> rows =
        transformer()
            .setInputCol("photograph")
            .transform(
                spark
                    .createDataset(paths, org.apache.spark.sql.Encoders.STRING())
                    .toDF("photograph")
                    .coalesce(1))
            .collectAsList();
    assertThat(rows).hasSize(paths.size());
    for (Row row : rows.subList(0, reasons.size())) {
      assertThat(row.isNullAt(1)).as(row.getString(0)).isTrue();
      assertThat(row.getString(2)).startsWith(reasons.get(row.getString(0)));
    }
    assertVector(rows.get(reasons.size()).get(1), expected(files.get(0), "f6"));
  }

  @Test
  void aPipelineIsSavedOntoTheFolderThatItWasLoadedFrom() throws IOException {
    String saved = folder.resolve("again").toString();
    Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {transformer()});
    pipeline.write().save(saved);
    byte[] before = parameters(saved);
    for (int times = 0; times < 2; times++) {
      Pipeline.load(saved).write().overwrite().save(saved);
      assertThat(parameters(saved)).isEqualTo(before);
    }
    PipelineModel fitted = Pipeline.load(saved).fit(shuffled(1));
    fitted.copy(ParamMap.empty()).write().overwrite().save(saved);
    Row row = PipelineModel.load(saved).transform(shuffled(1)).first();
    assertVector(row.getAs("features"), expected(files.get(row.getInt(0)), "f6"));
  }

  /** No process of the stage's own holds this model: it is read before the folder is removed. */
  @Test
  void aStageIsSavedOntoTheFolderThatItsModelLiesIn() throws IOException {
    Path run = folder.resolve("onto");
    TinyModel.write(run, "lenet5", 3);
    transformer().setModelPath(run.toString()).write().overwrite().save(run.toString());
    Row row = ImageFeatures.load(run.toString()).transform(shuffled(1)).first();
    assertVector(row.getAs("features"), expected(files.get(row.getInt(0)), "f6"));
    assertThatThrownBy(
            () ->
                transformer()
                    .setModelPath(folder.resolve("none").toString())
                    .write()
                    .overwrite()
                    .save(run.toString()))
        .hasMessageStartingWith("there is no model at ");
    assertThat(ImageFeatures.load(run.toString()).transform(shuffled(1)).count()).isEqualTo(IMAGES);
  }

  private static byte[] parameters(String pipeline) throws IOException {
    try (Stream<Path> all = Files.walk(Path.of(pipeline))) {
      return Files.readAllBytes(
          all.filter(path -> path.endsWith("model/parameters.bin")).findFirst().orElseThrow());
    }
  }

  @Test
  void aBadImageFailsTheJobWhereThatIsWanted() {
    Dataset<Row> failing =
        transformer()
            .setInputCol("photograph")
            .setOnBadImage("fail")
            .transform(withBadOnes().where("photograph like '%model.json'"));
    assertThat(failing.columns()).containsExactly("photograph", "features");
    assertThatThrownBy(failing::collectAsList)
        .hasMessageContaining("model.json is neither JPEG nor PNG");
  }

  @Test
  void binaryFilesAndParquetAreReadAsTheyAre() throws IOException {
    Dataset<Row> binary =
        spark.read().format("binaryFile").load(files.get(0).getParent().toString());
    Path parquet = folder.resolve("images.parquet");
    binary.write().parquet(parquet.toString());
    for (Dataset<Row> images : List.of(binary, spark.read().parquet(parquet.toString()))) {
      Dataset<Row> features = transformer().transform(images);
      assertThat(features.columns())
          .containsExactly("path", "modificationTime", "length", "content", "features", "reason");
      assertThat(features.where("reason is null").count()).isEqualTo(images.count());
      String first = files.get(0).getFileName().toString();
      Row row = features.where(functions.col("path").endsWith(first)).first();
      assertVector(row.getAs("features"), expected(files.get(0), "f6"));
    }
  }

  /** The pixels that Spark's image source decodes, where PNG files say the same. */
  @Test
  void sparksImagesAreTaken() throws IOException {
    Path png = folder.resolve("png/one.png");
    Files.createDirectories(png.getParent());
    ImageIO.write(ImageIO.read(files.get(0).toFile()), "png", png.toFile());
    Dataset<Row> pixels = spark.read().format("image").load(png.getParent().toString());
    Row row = transformer().setInputCol("image").transform(pixels).first();
    assertVector(row.getAs("features"), expected(png, "f6"));
  }

  /** A million rows, of which one is wanted. */
  @Test
  void readsNoMoreRowsThanItNeeds() throws IOException {
    byte[] image = Files.readAllBytes(files.get(0));
    LongAccumulator read = spark.sparkContext().longAccumulator("read");
    UDF1<Long, byte[]> reading =
        id -> {
          read.add(1);
          return image;
        };
    Dataset<Row> images =
        spark
            .range(0, 1_000_000, 1, 2)
            .withColumn(
                "content",
                functions
                    .udf(reading, DataTypes.BinaryType)
                    .asNondeterministic()
                    .apply(functions.col("id")));
    Dataset<Row> features = transformer().setBatchSize(8).setThreads(2).transform(images);
    assertThat(read.value()).isZero();
    assertThat(features.limit(1).collectAsList()).hasSize(1);
    // Four batches ahead, and what one of them asks for to know that it is full.
    assertThat(read.value()).isBetween(1L, 4 * 8 + 8L);
  }

  @Test
  void whatIsWrongIsSaidBeforeAnyTask() throws IOException {
    Dataset<Row> images = shuffled(1);
    assertRefused(
        () -> transformer().setLayer("fc7").transform(images),
        "lenet5 has no layer \"fc7\"; it has c1, s2, c3, s4, c5, f6 and output");
    assertRefused(
        () -> transformer().setInputCol("picture").transform(images),
        "there is no column picture; there are id, content and note");
    assertRefused(
        () -> transformer().setInputCol("id").transform(images),
        "column id is int, expected binary (encoded images), string (paths) or Spark's image struct");
    assertRefused(
        () -> transformer().setOutputCol("note").transform(images),
        "there is a column note already");
    assertRefused(
        () -> transformer().setPooling("max"), "pooling is \"max\", allowed: average, flat");
    assertRefused(() -> transformer().setDevice("tpu"), "device is \"tpu\", allowed: cpu, gpu");
    assertRefused(() -> new ImageFeatures().transform(images), "modelPath is not set");
    assertThatThrownBy(
            () ->
                new ImageFeatures()
                    .setModelPath(folder.resolve("none").toString())
                    .transform(images))
        .isInstanceOf(BellowsException.class)
        .hasMessageStartingWith("there is no model at ");
  }

  private static void assertRefused(Runnable asking, String message) {
    assertThatThrownBy(asking::run).isInstanceOf(BellowsException.class).hasMessage(message);
  }
}
