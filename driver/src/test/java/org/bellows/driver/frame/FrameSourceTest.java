// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.conf.part.PrepareSettings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.prepare.PrepareJob;
import org.bellows.data.prepare.PrepareSummary;
import org.bellows.driver.CommandLine;
import org.bellows.driver.TinyMasks;
import org.bellows.driver.TinyTree;
import org.bellows.driver.features.LocalSpark;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
@Timeout(600)
class FrameSourceTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("image", DataTypes.BinaryType)
          .add("path", DataTypes.StringType)
          .add("label", DataTypes.StringType)
          .add("split", DataTypes.StringType);

  @TempDir static Path folder;

  private static SparkSession spark;
  private static List<Row> rows;
  private static String expected;

  @BeforeAll
  static void render() throws IOException {
    Path raw = TinyTree.render(folder.resolve("raw"));
    rows = new ArrayList<>();
    try (Stream<Path> all = Files.walk(raw)) {
      List<Path> files = all.filter(Files::isRegularFile).sorted().toList();
      // One of three: each class is in all splits.
      for (int i = 0; i < files.size(); i += 3) {
        Path file = files.get(i);
        Path name = raw.relativize(file);
        rows.add(
            RowFactory.create(
                Files.readAllBytes(file),
                file.toString(),
                name.getName(1).toString(),
                name.getName(0).toString()));
      }
    }
    spark = LocalSpark.open(2);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static Dataset<Row> frame(int partitions, long seed) {
    List<Row> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(seed));
    return spark.createDataFrame(shuffled, SCHEMA).repartition(partitions);
  }

  private static Settings settings(String data, String... more) {
    List<String> set = new ArrayList<>(List.of("data.path=" + folder.resolve(data)));
    set.addAll(List.of(more));
    return new SettingsLoader().set(set).load(List.of(), List.of());
  }

  private static PrepareSummary prepared(Dataset<Row> frame, String data, String... more) {
    Settings settings = settings(data, more);
    return PrepareJob.run(
        JavaSparkContext.fromSparkContext(spark.sparkContext()),
        PrepareSettings.of(settings),
        FrameSource.items(frame, settings.source(), settings.prepare(), "the table"),
        done -> {});
  }

  private static PrepareJob.Kept kept(Dataset<Row> frame) {
    Settings settings = settings("kept");
    return PrepareJob.runBelow(
        JavaSparkContext.fromSparkContext(spark.sparkContext()),
        PrepareSettings.of(settings),
        FrameSource.items(frame, settings.source(), settings.prepare(), "the table"),
        done -> {});
  }

  private static String sha256(PrepareSummary summary) {
    return ManifestFile.sha256(summary.manifest());
  }

  /** Of all rows in their order. */
  private static String expected() {
    if (expected == null) {
      expected = sha256(prepared(frame(1, 1), "expected"));
    }
    return expected;
  }

  /** Arrays of text, arrays of numbers, a text and a multi-hot vector say the same. */
  @Test
  void aRowMayHaveSeveralLabels() {
    String first = "transform(array(0, 2), x -> cast(x as string))";
    List<String> spelt =
        List.of(
            "if(label like 's%', " + first + ", array())",
            "if(label like 's%', array(2, 0, 2), cast(array() as array<int>))",
            "if(label like 's%', '0|2', '')");
    Dataset<Row> all = frame(1, 1).where("split = 'validation'");
    List<String> found = new ArrayList<>();
    Set<String> fingerprints = new HashSet<>();
    for (String label : spelt) {
      Dataset<Row> listed = all.withColumn("label", functions.expr(label));
      PrepareSummary summary =
          prepared(listed, "several-" + found.size(), "source.labels=multiple");
      assertThat(summary.manifest().multiLabel()).isTrue();
      found.add(sha256(summary));
      fingerprints.add(summary.manifest().provenance().sourceFingerprint());
    }
    Dataset<Row> counted = all.withColumn("label", functions.expr("label like 's%'"));
    Dataset<Row> hot =
        new VectorAssembler()
            .setInputCols(new String[] {"label", "none", "label"})
            .setOutputCol("hot")
            .transform(counted.withColumn("none", functions.lit(0.0)));
    String[] ofVectors = {"source.labels=multiple", "source.label-column=hot"};
    PrepareSummary summary = prepared(hot, "hot", ofVectors);
    found.add(sha256(summary));
    fingerprints.add(summary.manifest().provenance().sourceFingerprint());
    assertThat(found).hasSize(4).containsOnly(found.get(0));
    assertThat(fingerprints).as("fingerprints, whatever the order of labels").hasSize(1);
    Dataset<Row> longer =
        new VectorAssembler()
            .setInputCols(new String[] {"label", "none", "label", "none"})
            .setOutputCol("hot")
            .transform(counted.withColumn("none", functions.lit(0.0)));
    assertThat(prepared(longer, "longer", ofVectors).manifest().classes())
        .as("the last class is of no image")
        .containsExactly("0", "1", "2", "3");
    Dataset<Row> halves = counted.withColumn("label", functions.expr("array(0.5)"));
    assertThatThrownBy(() -> prepared(halves, "halves", "source.labels=multiple"))
        .hasMessageContaining("has 0.5 among its labels, expected text or whole numbers");
    assertThatThrownBy(() -> prepared(halves, "halves"))
        .hasMessageContaining(
            "the table has \"label\" as array<decimal(1,1)>, expected text or whole numbers");
  }

  @Test
  void theOrderOfRowsAndTheirPartitionsDoNotMatter() {
    PrepareSummary three = prepared(frame(3, 2), "three");
    assertThat(three.images()).isEqualTo(rows.size());
    assertThat(three.manifest().splits())
        .extracting("name")
        .containsExactly("test", "train", "validation");
    assertThat(sha256(three)).isEqualTo(expected());
    String unnamed = sha256(prepared(frame(2, 1).drop("path"), "unnamed"));
    assertThat(unnamed).isNotEqualTo(expected());
    assertThat(sha256(prepared(frame(1, 5).drop("path"), "again"))).isEqualTo(unnamed);
  }

  /** Rows that name files are prepared to the same bytes as a manifest of the same rows. */
  @Test
  void filesAreReadAsAManifestReadsThem() throws IOException {
    List<String> lines = new ArrayList<>();
    for (Row row : rows) {
      lines.add(
          "{\"path\": \"%s\", \"label\": \"%s\", \"split\": \"%s\"}"
              .formatted(row.getString(1), row.getString(2), row.getString(3)));
    }
    Path manifest = Files.write(folder.resolve("pictures.jsonl"), lines);
    Settings settings = settings("manifest", "source.path=" + manifest);
    PrepareSummary expected =
        PrepareJob.run(
            JavaSparkContext.fromSparkContext(spark.sparkContext()),
            PrepareSettings.of(settings),
            done -> {});
    Dataset<Row> read =
        FrameSource.read(
            spark,
            settings(
                    "x",
                    "source.format=spark",
                    "source.spark-format=json",
                    "source.path=" + manifest)
                .source());
    assertThat(sha256(prepared(read, "json"))).isEqualTo(sha256(expected));
    Path table = folder.resolve("pictures.csv");
    read.write().option("header", "true").csv(table.toString());
    Dataset<Row> csv =
        FrameSource.read(
            spark,
            settings(
                    "x",
                    "source.format=spark",
                    "source.spark-format=csv",
                    "source.spark-options=[\"header=true\"]",
                    "source.path=" + table)
                .source());
    assertThat(sha256(prepared(csv, "csv"))).isEqualTo(sha256(expected));
  }

  /** Found again as long as the content is the same, however it comes. */
  @Test
  void aDatasetIsKeptUntilAByteChanges() {
    PrepareJob.Kept first = kept(frame(1, 1));
    assertThat(first.summary().alreadyPrepared()).isFalse();
    PrepareJob.Kept second = kept(frame(3, 9));
    assertThat(second.path()).isEqualTo(first.path());
    assertThat(second.summary().alreadyPrepared()).isTrue();
    byte[] other = rows.get(0).<byte[]>getAs(0).clone();
    other[other.length - 3] ^= 1;
    String path = rows.get(0).getString(1);
    Dataset<Row> changed =
        frame(2, 1)
            .withColumn(
                "image",
                functions
                    .when(functions.col("path").equalTo(path), functions.lit(other))
                    .otherwise(functions.col("image")));
    assertThat(kept(changed).path()).isNotEqualTo(first.path());
  }

  /** The command, with an executor's process in place of this one's session. */
  @Test
  void theCommandReadsOrcAndDatabases() {
    String expected = expected();
    Path orc = folder.resolve("pictures.orc");
    frame(2, 3).write().orc(orc.toString());
    String database = "jdbc:h2:" + folder.resolve("shop") + ";CASE_INSENSITIVE_IDENTIFIERS=TRUE";
    frame(1, 4).write().jdbc(database, "pictures", new Properties());
    spark.stop();
    try {
      command("orc", "--set=source.spark-format=orc", "--set=source.path=" + orc);
      command(
          "jdbc",
          "--set=source.spark-format=jdbc",
          "--set=source.spark-options=[\"url=" + database + "\", \"dbtable=pictures\"]");
      CommandLine.Said said =
          CommandLine.run(
              "prepare",
              "--master=local[1]",
              "--set=cluster.executors=1",
              "--set=data.path=" + folder.resolve("nothing"),
              "--set=source.format=spark",
              "--set=source.spark-format=parket",
              "--set=source.path=" + orc);
      assertThat(said.exitCode()).isEqualTo(3);
      assertThat(said.err()).contains("Spark cannot read " + orc + " as parket: ");
    } finally {
      spark = LocalSpark.open(2);
    }
    for (String data : List.of("orc", "jdbc")) {
      DatasetManifest manifest =
          ManifestFile.read(new Configuration(), folder.resolve(data).toString());
      assertThat(ManifestFile.sha256(manifest)).as(data).isEqualTo(expected);
    }
  }

  private static void command(String data, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "prepare",
                "--master=local[1]",
                "--set=cluster.executors=1",
                "--set=data.path=" + folder.resolve(data),
                "--set=source.format=spark"));
    arguments.addAll(List.of(more));
    CommandLine.Said said = CommandLine.run(arguments.toArray(String[]::new));
    assertThat(said.exitCode()).as(said.err()).isZero();
  }

  @Test
  void indexedLabelsKeepTheirNamesAndBadRowsAreRefused() {
    Dataset<Row> indexed =
        new StringIndexer()
            .setInputCol("label")
            .setOutputCol("index")
            .fit(frame(1, 1))
            .transform(frame(1, 1));
    PrepareSummary named =
        prepared(indexed, "indexed", "source.label-column=index", "prepare.seed=2");
    assertThat(named.classes())
        .containsExactlyInAnyOrderElementsOf(
            rows.stream().map(row -> row.getString(2)).distinct().toList());
    Dataset<Row> bad =
        indexed.withColumn(
            "index",
            functions
                .when(functions.col("path").equalTo(rows.get(0).getString(1)), functions.lit(0.5))
                .otherwise(functions.col("index")));
    assertThatThrownBy(() -> prepared(bad, "bad", "source.label-column=index"))
        .isInstanceOf(BellowsException.class)
        .hasMessageContaining("has label 0.5, expected a whole number");
  }

  @Test
  void columnsThatAreMissingOrOfAnotherTypeAreNamedTogether() {
    Dataset<Row> frame =
        frame(1, 1)
            .withColumnRenamed("image", "photo")
            .drop("path")
            .withColumn("label", functions.current_date());
    assertThatThrownBy(() -> prepared(frame, "wrong"))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "2 problems:\n"
                + "  the table has the columns photo, label and split, expected pictures in \"image\" or their paths in \"path\"\n"
                + "  the table has \"label\" as date, expected text or whole numbers");
  }

  @Test
  void fieldsOfStructsAndSparksImagesAreRead() {
    Dataset<Row> nested =
        frame(1, 1)
            .select(
                functions.struct("image", "path").as("picture"),
                functions.col("label"),
                functions.col("split"));
    String expected = expected();
    String asFields =
        sha256(
            prepared(
                nested,
                "fields",
                "source.image-column=picture.image",
                "source.path-column=picture.path"));
    assertThat(asFields).isEqualTo(expected);
    Dataset<Row> pixels =
        spark
            .read()
            .format("image")
            .option("recursiveFileLookup", "true")
            .load(folder.resolve("raw/train").toString())
            .withColumn("label", functions.lit("one"));
    PrepareSummary images = prepared(pixels, "pixels");
    assertThat(images.images()).isEqualTo(pixels.count());
  }

  /** Masks in the rows are those in files. */
  @Test
  void masksAreReadFromFilesBytesAndStructs() throws IOException {
    Path source = TinyMasks.render(folder.resolve("masked"));
    List<Row> pictures = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Path mask = source.resolve("masks/" + i + ".png");
      pictures.add(
          RowFactory.create(
              source.resolve("images/" + i + ".png").toString(),
              mask.toString(),
              Files.readAllBytes(mask)));
    }
    Dataset<Row> frame =
        spark.createDataFrame(
            pictures,
            new StructType()
                .add("path", DataTypes.StringType)
                .add("file", DataTypes.StringType)
                .add("bytes", DataTypes.BinaryType));
    Dataset<Row> files = frame.withColumnRenamed("file", "mask");
    PrepareSummary expected = prepared(files, "mask-files");
    assertThat(expected.manifest().pixelClasses()).hasSize(4);
    PrepareSummary encoded = prepared(frame.withColumnRenamed("bytes", "mask"), "mask-bytes");
    assertThat(encoded.manifest().splits()).isEqualTo(expected.manifest().splits());
    PrepareSummary nested =
        prepared(frame.withColumn("mask", functions.struct("bytes", "file")), "mask-struct");
    assertThat(sha256(nested)).isEqualTo(sha256(encoded));
    assertThatThrownBy(() -> prepared(frame.withColumn("mask", functions.lit(1)), "mask-number"))
        .hasMessage(
            "the table has \"mask\" as int, expected binary (encoded masks), string (paths) or a struct with binary bytes");
  }
}
