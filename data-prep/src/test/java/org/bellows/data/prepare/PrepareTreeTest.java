// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.Settings;
import org.bellows.conf.part.PrepareSettings;
import org.bellows.data.TestImages;
import org.bellows.data.TestSettings;
import org.bellows.data.TestTree;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.manifest.Shard;
import org.bellows.data.prepare.folder.ListFile;
import org.bellows.data.shard.BlockReader;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;
import org.bellows.testing.FullDisk;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Trees through a real local Spark. */
@Tag("integration")
@Tag("lines")
class PrepareTreeTest {
  private static JavaSparkContext spark;

  @TempDir Path folder;
  private Path source;
  private Path target;

  @BeforeAll
  static void startSpark() {
    spark = TestSpark.local(2);
    FullDisk.registerWithRoomForFiles(spark.hadoopConfiguration(), 10_000);
  }

  @AfterAll
  static void stopSpark() {
    spark.close();
  }

  @BeforeEach
  void writeSource() throws IOException {
    source = folder.resolve("source");
    target = folder.resolve("target");
    TestTree.write(source);
    TestTree.put(source, "README.md", new byte[] {1});
    TestTree.put(source, "train/cat/.DS_Store", new byte[] {1});
  }

  @Test
  void writesEveryImageAsItWas() throws IOException {
    PrepareSummary summary = prepare();
    assertThat(summary.images()).isEqualTo(50);
    assertThat(summary.classes()).containsExactly("cat", "dog");
    assertThat(summary.shards()).isEqualTo(2);
    assertThat(summary.alreadyPrepared()).isFalse();
    DatasetManifest manifest = ManifestFile.read(new Configuration(), target.toString());
    assertThat(manifest.provenance().channels()).isEqualTo(3);
    assertThat(manifest.provenance().format()).isEqualTo("tree");
    assertThat(manifest.split("val").mean()).hasSize(3);
    // Blue is 128 everywhere.
    assertThat(manifest.split("val").mean().get(2)).isEqualTo(128 / 255.0);
    assertThat(manifest.split("val").standardDeviation().get(2)).isLessThan(1e-6);
    Set<String> seen = new HashSet<>();
    boolean isSorted = true;
    for (String split : List.of("train", "val")) {
      DatasetReader reader =
          new DatasetReader(new Configuration(), target.toString(), manifest, split);
      String last = "";
      try (BlockReader blocks = reader.openBlocks()) {
        for (int block = 0; block < reader.blocks(); block++) {
          for (EncodedSample sample : reader.read(blocks, block)) {
            assertThat(sample.image())
                .isEqualTo(Files.readAllBytes(source.resolve(sample.source())));
            assertThat(manifest.classes().get(sample.label()))
                .isEqualTo(sample.source().split("/")[1]);
            assertThat(sample.encoding())
                .isEqualTo(split.equals("val") ? Encoding.PNG : Encoding.JPEG);
            seen.add(sample.source());
            isSorted &= sample.source().compareTo(last) > 0;
            last = sample.source();
          }
        }
      }
    }
    assertThat(seen).hasSize(50);
    assertThat(isSorted).isFalse();
    assertThat(entries(target))
        .containsExactlyInAnyOrder("manifest.json", "passed-over.tsv", "shards");
  }

  @Test
  void bytesDoNotDependOnTheNumberOfExecutors() {
    // 2.4 MB in train and next to nothing in val: three shards and one.
    byte[] large = TestImages.png(noise());
    for (int i = 0; i < 5; i++) {
      int number = i;
      assertThat(large.length).isGreaterThan(300_000);
      org.assertj.core.api.Assertions.assertThatCode(
              () -> TestTree.put(source, "train/cat/large" + number + ".png", large))
          .doesNotThrowAnyException();
    }
    List<Shard> expected = shards(prepare("prepare.shard-mebibytes=1"));
    assertThat(expected).hasSize(4);
    spark.close();
    for (int threads : new int[] {1, 3}) {
      spark = TestSpark.local(threads);
      Path other = folder.resolve("other" + threads);
      PrepareSummary summary =
          PrepareJob.run(
              spark,
              PrepareSettings.of(TestSettings.prepare(source, other, "prepare.shard-mebibytes=1")),
              progress -> {});
      assertThat(shards(summary)).isEqualTo(expected);
      assertThat(summary.manifest().splits())
          .isEqualTo(ManifestFile.read(new Configuration(), target.toString()).splits());
      if (threads == 1) {
        spark.close();
      }
    }
    FullDisk.registerWithRoomForFiles(spark.hadoopConfiguration(), 10_000);
    assertThat(
            shards(
                PrepareJob.run(
                    spark,
                    PrepareSettings.of(
                        TestSettings.prepare(
                            source,
                            folder.resolve("reseeded"),
                            "prepare.shard-mebibytes=1",
                            "prepare.seed=2")),
                    progress -> {})))
        .isNotEqualTo(expected);
  }

  @Test
  void refusedFilesFailTheJobOrAreLeftOut() throws IOException {
    byte[] whole = TestImages.jpeg(20, 20);
    TestTree.put(source, "train/cat/cut.jpg", Arrays.copyOf(whole, whole.length - 30));
    TestTree.put(source, "train/dog/text.png", "not a picture".getBytes(US_ASCII));
    assertThatThrownBy(this::prepare)
        .isInstanceOf(BellowsException.class)
        .hasMessageStartingWith(
            "2 of 52 images are refused (1 NOT_AN_IMAGE, 1 TRUNCATED), more than"
                + " data.max-bad-fraction = 0.0 allows: train/")
        .hasMessageContaining(
            "train/cat/cut.jpg is a truncated JPEG: the data of scan 1 ends at byte")
        .hasMessageContaining("train/dog/text.png is neither JPEG nor PNG: it begins with 6e 6f 74")
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.DATA);
    // What was refused can be looked at, and what was written is not written again.
    assertThat(entries(target)).hasSize(3).contains("quarantine.tsv", "passed-over.tsv");
    String listed = Files.readString(target.resolve("quarantine.tsv"));

    PrepareSummary summary = prepare("data.max-bad-fraction=0.04");
    assertThat(summary.reusedShards()).isEqualTo(2);
    assertThat(summary.writtenImages()).isZero();
    assertThat(summary.images()).isEqualTo(50);
    assertThat(summary.refused()).containsOnly(entry("NOT_AN_IMAGE", 1L), entry("TRUNCATED", 1L));
    assertThat(Files.readString(target.resolve("quarantine.tsv"))).isEqualTo(listed);
    assertThat(Files.readAllLines(target.resolve("quarantine.tsv")))
        .hasSize(3)
        .startsWith("path\tkind\tcause")
        .contains(
            "train/dog/text.png\tNOT_AN_IMAGE\tis neither JPEG nor PNG: it begins with 6e 6f 74 20"
                + " 61 20 70 69");
    assertThat(summary.manifest().provenance().refused()).isEqualTo(2);
    assertThat(prepare("data.max-bad-fraction=0.04").alreadyPrepared()).isTrue();
    assertThatThrownBy(this::prepare)
        .hasMessage(
            "2 of 52 images are refused, more than data.max-bad-fraction = 0.0 allows: all of them"
                + " are listed in file:"
                + target
                + "/quarantine.tsv");
    assertThat(entries(target))
        .containsExactlyInAnyOrder("manifest.json", "passed-over.tsv", "quarantine.tsv", "shards");
  }

  /**
   * Every entry comes out once: read, refused by name or passed over. None keeps a task waiting.
   */
  @Test
  @Timeout(120)
  void ofEverythingOddNothingVanishes() throws IOException, InterruptedException {
    OddTree.write(source, folder.resolve("elsewhere"));
    PrepareSummary summary = prepare("data.max-bad-fraction=0.9");
    assertThat(summary.found()).isEqualTo(OddTree.count(source));
    List<String> all = new ArrayList<>(OddTree.firstCells(target.resolve("quarantine.tsv")));
    assertThat(all).hasSize((int) summary.manifest().provenance().refused());
    List<String> passedOver = OddTree.firstCells(target.resolve("passed-over.tsv"));
    assertThat(passedOver).hasSize((int) summary.passedOverEntries()).isSorted();
    all.addAll(passedOver);
    for (String split : List.of("train", "val")) {
      DatasetReader reader =
          new DatasetReader(new Configuration(), target.toString(), summary.manifest(), split);
      try (BlockReader blocks = reader.openBlocks()) {
        for (int block = 0; block < reader.blocks(); block++) {
          reader.read(blocks, block).forEach(sample -> all.add(ListFile.cell(sample.source())));
        }
      }
    }
    assertThat(all).hasSize((int) summary.found()).doesNotHaveDuplicates();
    assertThat(all).containsAll(OddTree.SOME_NAMES);
    assertThat(summary.classes()).containsExactly("_negative", "a:b", "cat", "dog", "linked");
    assertThat(summary.refused()).containsAllEntriesOf(OddTree.REFUSED);
    assertThat(summary.passedOver()).containsAllEntriesOf(OddTree.PASSED_OVER);
    // What is passed over is no part of the dataset's identity.
    TestTree.put(source, "train/cat/more.heic", new byte[1]);
    PrepareSummary again = prepare("data.max-bad-fraction=0.9");
    assertThat(again.alreadyPrepared()).isTrue();
    assertThat(again.found()).isEqualTo(summary.found() + 1).isEqualTo(OddTree.count(source));
  }

  @Test
  void theSameDatasetIsNotPreparedTwice() throws IOException {
    PrepareSummary first = prepare();
    long modified = Files.getLastModifiedTime(target.resolve("manifest.json")).toMillis();
    Files.createDirectories(target.resolve(".tmp-left-over"));
    PrepareSummary second = prepare();
    assertThat(second.alreadyPrepared()).isTrue();
    assertThat(second.manifest()).isEqualTo(first.manifest());
    assertThat(Files.getLastModifiedTime(target.resolve("manifest.json")).toMillis())
        .isEqualTo(modified);
    assertThat(entries(target))
        .containsExactlyInAnyOrder("manifest.json", "passed-over.tsv", "shards");

    assertConfigurationError(
        "output path file:"
            + target
            + " holds something else (a dataset of another source or other prepare settings); give"
            + " an empty or new path",
        "prepare.seed=2");
  }

  @Test
  void foreignFilesAreNotTouched() throws IOException {
    TestTree.put(target, "thesis.tex", new byte[] {1});
    Files.createDirectories(target.resolve(".tmp-1"));
    assertConfigurationError(
        "output path file:"
            + target
            + " holds something else (first entry thesis.tex); give an empty or new path");
    assertThat(entries(target)).containsExactlyInAnyOrder("thesis.tex", ".tmp-1");
    Files.delete(target.resolve(".tmp-1"));
    Files.delete(target.resolve("thesis.tex"));
    TestTree.put(target, "shards/mine", new byte[] {1});
    assertConfigurationError(
        "output path file:"
            + target
            + " holds something else (first entry shards); give an empty or new path");
  }

  @Test
  void unfinishedAttemptsAreRedone() throws IOException {
    TestTree.put(target, ".prepare-1/shards/train-00000.parquet", new byte[100]);
    TestTree.put(target, ".prepare-1/records/train-00000.json", new byte[100]);
    TestTree.put(target, "shards/train-00000.parquet", new byte[100]);
    TestTree.put(target, "result.json", new byte[100]);
    assertThat(prepare().images()).isEqualTo(50);
    assertThat(entries(target))
        .containsExactlyInAnyOrder("manifest.json", "passed-over.tsv", "shards");
  }

  @Test
  void aFullDiskIsNamedAndLeavesNothing() throws IOException {
    assertThatThrownBy(
            () ->
                PrepareJob.run(
                    spark,
                    PrepareSettings.of(
                        TestSettings.of("source.path=" + source, "data.path=full:" + target)),
                    progress -> {}))
        .isInstanceOf(BellowsException.class)
        .hasMessageStartingWith("writing full:" + target + "/.prepare-")
        .hasMessageEndingWith("failed: the disk is full")
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.INFRASTRUCTURE);
    assertThat(entries(target)).isEmpty();
  }

  @Test
  void sourceAndTargetMustLieApart() {
    assertThatThrownBy(
            () ->
                PrepareJob.run(
                    spark,
                    PrepareSettings.of(TestSettings.prepare(source, source.resolve("prepared"))),
                    progress -> {}))
        .hasMessageContaining(
            "data.path: is %s/prepared, and source.path is %s: one is inside the other"
                .formatted(source, source));
  }

  private PrepareSummary prepare(String... assignments) {
    Settings settings = TestSettings.prepare(source, target, assignments);
    return PrepareJob.run(spark, PrepareSettings.of(settings), progress -> {});
  }

  private void assertConfigurationError(String message, String... assignments) {
    assertThatThrownBy(() -> prepare(assignments))
        .isInstanceOf(BellowsException.class)
        .hasMessage(message)
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.CONFIGURATION);
  }

  private static List<Shard> shards(PrepareSummary summary) {
    return summary.manifest().splits().stream().flatMap(split -> split.shards().stream()).toList();
  }

  static java.awt.image.BufferedImage noise() {
    var random = new org.bellows.data.random.SampleRandom(1);
    var image =
        new java.awt.image.BufferedImage(400, 400, java.awt.image.BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 160_000; i++) {
      image.setRGB(i % 400, i / 400, (int) random.nextLong());
    }
    return image;
  }

  private static List<String> entries(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc"))
          .toList();
    }
  }
}
