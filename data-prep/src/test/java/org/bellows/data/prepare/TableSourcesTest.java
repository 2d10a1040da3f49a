// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.Text;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.BellowsException;
import org.bellows.conf.part.PrepareSettings;
import org.bellows.data.TestImages;
import org.bellows.data.TestSettings;
import org.bellows.data.TestTree;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.manifest.Split;
import org.bellows.data.prepare.listing.TestListing;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.shard.BlockReader;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CIFAR's binary files, Parquet and sequence files, all written here. */
@Tag("integration")
@Tag("lines")
class TableSourcesTest {
  private static final int PLANE = 32 * 32;
  private static JavaSparkContext spark;

  private final Configuration hadoop = new Configuration();

  @TempDir Path folder;

  @BeforeAll
  static void startSpark() {
    spark = TestSpark.local(2);
  }

  @AfterAll
  static void stopSpark() {
    spark.close();
  }

  /** Red is the record's number, green its row, blue its column. */
  private static byte[] cifar(int records, int[]... labels) {
    int record = labels[0].length + 3 * PLANE;
    byte[] file = new byte[records * record];
    for (int i = 0; i < records; i++) {
      int at = i * record;
      for (int label : labels[i % labels.length]) {
        file[at++] = (byte) label;
      }
      for (int pixel = 0; pixel < PLANE; pixel++) {
        file[at + pixel] = (byte) i;
        file[at + PLANE + pixel] = (byte) (pixel / 32);
        file[at + 2 * PLANE + pixel] = (byte) (pixel % 32);
      }
    }
    return file;
  }

  @Test
  void cifar10() throws IOException {
    Path source = folder.resolve("cifar10");
    TestTree.put(source, "data_batch_1.bin", cifar(5, new int[] {3}, new int[] {9}));
    TestTree.put(source, "data_batch_2.bin", cifar(3, new int[] {0}));
    TestTree.put(source, "test_batch.bin", cifar(2, new int[] {3}));
    Files.writeString(
        source.resolve("batches.meta.txt"),
        "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n");
    PrepareSummary summary = prepare(source, "from-cifar10");
    assertThat(summary.manifest().provenance().format()).isEqualTo("cifar10");
    assertThat(summary.classes()).hasSize(10).startsWith("airplane").endsWith("truck");
    assertThat(summary.manifest().splits())
        .extracting(Split::name)
        .containsExactly("train", "test");
    assertThat(summary.manifest().split("train").mean().get(1)).isEqualTo(15.5 / 255);
    List<EncodedSample> samples = samples(summary, "from-cifar10", "train");
    assertThat(samples).hasSize(8);
    EncodedSample fifth =
        samples.stream()
            .filter(sample -> sample.source().equals("data_batch_1.bin#4"))
            .findFirst()
            .orElseThrow();
    assertThat(fifth.label()).isEqualTo(3);
    assertThat(fifth.encoding()).isEqualTo(Encoding.RAW8);
    int at = (7 * 32 + 11) * 3;
    assertThat(List.of(fifth.image()[at], fifth.image()[at + 1], fifth.image()[at + 2]))
        .containsExactly((byte) 4, (byte) 7, (byte) 11);

    TestTree.put(source, "data_batch_2.bin", cifar(1, new int[] {200}));
    assertThat(refusals(source))
        .containsExactly("data_batch_2.bin#0 has label 200, allowed are 0 to 9");
    TestTree.put(source, "data_batch_2.bin", new byte[3072]);
    assertThatThrownBy(() -> find(source))
        .hasMessage(
            "file:%s/data_batch_2.bin has 3072 bytes, expected a multiple of 3073: it is truncated or no CIFAR file"
                .formatted(source));
  }

  @Test
  void cifar100HasTwoSetsOfLabels() throws IOException {
    Path source = folder.resolve("cifar100");
    TestTree.put(source, "train.bin", cifar(3, new int[] {4, 77}, new int[] {19, 5}));
    TestTree.put(source, "test.bin", cifar(1, new int[] {4, 77}));
    assertThat(TestListing.items(find(source)))
        .extracting(SourceItem::label)
        .containsExactly("77", "5", "77", "77");
    assertThat(TestListing.classes(find(source))).hasSize(100);
    var coarse = TestListing.find("source.path=" + source, "source.cifar-labels=coarse");
    assertThat(TestListing.items(coarse))
        .extracting(SourceItem::label)
        .containsExactly("4", "19", "4", "4");
    assertThat(TestListing.classes(coarse)).hasSize(20);
  }

  private void writeParquet(Path file, MessageType schema, List<Group> rows) throws IOException {
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(schema)
            .withRowGroupSize(4096L)
            .build()) {
      for (Group row : rows) {
        writer.write(row);
      }
    }
  }

  private static byte[] image(int number) {
    return TestImages.jpeg(20 + number % 7, 30 + number);
  }

  @Test
  void parquetTablesWithTextLabels() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message spark_schema { optional int64 when; optional binary kind (UTF8); optional"
                + " binary picture; optional binary split (UTF8); }");
    List<Group> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Group row = new SimpleGroupFactory(schema).newGroup().append("when", 7L);
      row.append("kind", i % 2 == 0 ? "cat" : "dog");
      if (i != 11) {
        row.append("picture", Binary.fromConstantByteArray(image(i)));
      }
      rows.add(i % 4 == 0 ? row : row.append("split", "train"));
    }
    Path source = folder.resolve("table");
    Files.createDirectories(source);
    writeParquet(source.resolve("part-00000.snappy.parquet"), schema, rows);
    writeParquet(source.resolve("part-00001.snappy.parquet"), schema, rows.subList(0, 2));
    Files.createFile(source.resolve("_SUCCESS"));
    PrepareSummary summary =
        prepare(
            source,
            "from-parquet",
            "source.image-column=picture",
            "source.label-column=kind",
            "data.max-bad-fraction=0.1");
    assertThat(summary.images()).isEqualTo(41);
    assertThat(summary.refused()).containsOnlyKeys("BAD_ROW");
    assertThat(summary.classes()).containsExactly("cat", "dog");
    for (EncodedSample sample : samples(summary, "from-parquet", "train")) {
      int row = Integer.parseInt(sample.source().split("#")[1]);
      assertThat(sample.label()).isEqualTo(row % 2);
      assertThat(sample.image()).isEqualTo(image(row));
    }
    Files.move(
        source.resolve("part-00001.snappy.parquet"), source.resolve("part-12:00.snappy.parquet"));
    assertThat(
            TestListing.items(
                TestListing.find(
                    "source.path=" + source,
                    "source.image-column=picture",
                    "source.label-column=kind")))
        .hasSize(42);
    assertThatThrownBy(() -> TestListing.items(find(source)))
        .isInstanceOf(BellowsException.class)
        .hasMessageContaining("part-00000.snappy.parquet has the columns optional int64 when, ")
        .hasMessageEndingWith("expected a column of bytes \"image\" among them");
  }

  /** Of files named as Hugging Face names them. */
  @Test
  void shardsMayBeNamedAfterTheirSplits() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required int32 label; required binary image; }");
    Group row =
        new SimpleGroupFactory(schema)
            .newGroup()
            .append("label", 0)
            .append("image", Binary.fromConstantByteArray(image(0)));
    Path named = Files.createDirectories(folder.resolve("named"));
    for (String name :
        List.of(
            "train-00000-of-00002", "extra-00000-of-00001", "test-00000-of-00001-0f3a", "more")) {
      writeParquet(named.resolve(name + ".parquet"), schema, List.of(row));
    }
    assertThat(TestListing.items(TestListing.find("source.path=" + named)))
        .extracting(SourceItem::split)
        .containsExactlyInAnyOrder("train", "extra", "test", "train");
    Path one = named.resolve("test-00000-of-00001-0f3a.parquet");
    assertThat(TestListing.items(TestListing.find("source.path=" + one)))
        .extracting(SourceItem::split)
        .containsExactly("test");
    Path others = Files.createDirectories(folder.resolve("others"));
    writeParquet(others.resolve("part-00000-of-00001.parquet"), schema, List.of(row));
    assertThat(
            TestListing.items(
                TestListing.find("source.path=" + others, "source.default-split=mine")))
        .extracting(SourceItem::split)
        .containsExactly("mine");
  }

  @Test
  void aSingleParquetFileWithNumbersAndADamagedOne() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required int32 label; required binary image; }");
    List<Group> rows = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      rows.add(
          new SimpleGroupFactory(schema)
              .newGroup()
              .append("label", i % 3)
              .append("image", Binary.fromConstantByteArray(image(i))));
    }
    Path file = folder.resolve("anything");
    writeParquet(file, schema, rows);
    assertThat(TestListing.items(find(file))).hasSize(10);
    assertThat(TestListing.classes(find(file))).containsExactly("0", "1", "2");
    byte[] whole = Files.readAllBytes(file);
    Files.delete(folder.resolve(".anything.crc"));
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> TestListing.items(find(file)))
        .hasMessageStartingWith("file:" + file + " cannot be read as Parquet: ");
  }

  @Test
  void sequenceFilesKeyedByPath() throws IOException {
    Path source = folder.resolve("sequence");
    Files.createDirectories(source);
    try (SequenceFile.Writer writer =
        SequenceFile.createWriter(
            hadoop,
            SequenceFile.Writer.file(
                new org.apache.hadoop.fs.Path(source.resolve("part-00000").toUri())),
            SequenceFile.Writer.keyClass(Text.class),
            SequenceFile.Writer.valueClass(BytesWritable.class))) {
      for (int i = 0; i < 30; i++) {
        String path = (i % 3 == 0 ? "cat/" : "val/dog/") + i + ".jpg";
        path = i == 3 ? "val/cat/3.jpg" : i % 3 == 1 ? "train/dog/" + i + ".jpg" : path;
        writer.append(new Text(i == 6 ? "lost.jpg" : path), new BytesWritable(image(i)));
      }
    }
    PrepareSummary summary = prepare(source, "from-sequence", "data.max-bad-fraction=0.1");
    assertThat(summary.manifest().provenance().format()).isEqualTo("sequencefile");
    assertThat(summary.images()).isEqualTo(29);
    assertThat(summary.manifest().split("val").samples()).isEqualTo(11);
    for (EncodedSample sample : samples(summary, "from-sequence", "train")) {
      int number = Integer.parseInt(sample.source().replaceAll("\\D", ""));
      assertThat(sample.image()).isEqualTo(image(number));
    }
    assertThat(Files.readString(folder.resolve("from-sequence/quarantine.tsv")))
        .contains("lost.jpg\tBAD_ROW\thas a key that is neither class/name nor split/class/name");

    try (SequenceFile.Writer writer =
        SequenceFile.createWriter(
            hadoop,
            SequenceFile.Writer.file(
                new org.apache.hadoop.fs.Path(folder.resolve("texts.seq").toUri())),
            SequenceFile.Writer.keyClass(Text.class),
            SequenceFile.Writer.valueClass(Text.class))) {
      writer.append(new Text("cat/1.jpg"), new Text("x"));
    }
    assertThatThrownBy(() -> TestListing.items(find(folder.resolve("texts.seq"))))
        .hasMessageContaining(
            "holds keys of org.apache.hadoop.io.Text and values of org.apache.hadoop.io.Text,"
                + " expected org.apache.hadoop.io.Text and org.apache.hadoop.io.BytesWritable");
  }

  /** Which file comes first must not count: items of one key are sorted by their content. */
  @Test
  void aKeyTwiceIsTheSameDatasetWhicheverFileComesFirst() throws IOException {
    List<String> digests = new ArrayList<>();
    for (int first : new int[] {0, 1}) {
      Path source = folder.resolve("twice-" + first);
      Files.createDirectories(source);
      for (int part = 0; part < 2; part++) {
        try (SequenceFile.Writer writer =
            SequenceFile.createWriter(
                hadoop,
                SequenceFile.Writer.file(
                    new org.apache.hadoop.fs.Path(source.resolve("part-0000" + part).toUri())),
                SequenceFile.Writer.keyClass(Text.class),
                SequenceFile.Writer.valueClass(BytesWritable.class))) {
          for (int i = 0; i < 8; i++) {
            int picture = (part ^ first) * 8 + i;
            writer.append(new Text("cat/" + i + ".jpg"), new BytesWritable(image(picture)));
          }
        }
      }
      PrepareSummary summary = prepare(source, "from-twice-" + first);
      assertThat(summary.images()).isEqualTo(16);
      digests.add(ManifestFile.sha256(summary.manifest()));
    }
    assertThat(digests.get(0)).isEqualTo(digests.get(1));
  }

  private PrepareSummary prepare(Path from, String to, String... assignments) {
    return PrepareJob.run(
        spark,
        PrepareSettings.of(TestSettings.prepare(from, folder.resolve(to), assignments)),
        progress -> {});
  }

  private static org.bellows.data.prepare.source.part.Source find(Path source) {
    return TestListing.find("source.path=" + source);
  }

  private static List<String> refusals(Path source) {
    return TestListing.items(find(source)).stream()
        .filter(item -> item.refusal() != null)
        .map(item -> item.path() + " " + item.refusal().reason())
        .toList();
  }

  private List<EncodedSample> samples(PrepareSummary summary, String target, String split) {
    DatasetReader reader =
        new DatasetReader(hadoop, folder.resolve(target).toString(), summary.manifest(), split);
    List<EncodedSample> samples = new ArrayList<>();
    try (BlockReader blocks = reader.openBlocks()) {
      for (int block = 0; block < reader.blocks(); block++) {
        samples.addAll(reader.read(blocks, block));
      }
    }
    return samples;
  }
}
