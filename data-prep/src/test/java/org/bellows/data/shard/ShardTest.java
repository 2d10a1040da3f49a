// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.TestDatasets;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.Shard;
import org.bellows.data.random.SampleRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
class ShardTest {
  private final Configuration hadoop = new Configuration();

  @TempDir Path folder;

  @Test
  void readsWhatItWrote() throws IOException {
    List<EncodedSample> samples = new ArrayList<>();
    SampleRandom random = new SampleRandom(1);
    for (int i = 0; i < 300; i++) {
      byte[] image = new byte[random.nextInt(5000)];
      for (int b = 0; b < image.length; b++) {
        image[b] = (byte) random.nextLong();
      }
      Encoding encoding = Encoding.values()[i % 3];
      samples.add(
          new EncodedSample(7 + i, i % 10, encoding, i, 2 * i, 3, "train/ä/" + i + ".jpg", image));
    }
    Shard shard = write("a.parquet", 64, samples);
    assertThat(shard.samples()).isEqualTo(300);
    assertThat(shard.blockSamples()).hasSizeGreaterThan(5);
    assertThat(shard.bytes()).isEqualTo(Files.size(folder.resolve("a.parquet")));

    int row = 0;
    try (BlockReader reader = new BlockReader(hadoop, folder.toString())) {
      for (int block = 0; block < shard.blockSamples().size(); block++) {
        for (EncodedSample sample : reader.read(shard, block, 7L + row)) {
          assertThat(sample).usingRecursiveComparison().isEqualTo(samples.get(row++));
        }
      }
    }
    assertThat(row).isEqualTo(300);
  }

  @Test
  void masksComeBackAndRowsWithoutOneStayWithout() throws IOException {
    List<EncodedSample> samples = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      byte[] mask = i % 3 == 0 ? null : new byte[] {(byte) i, 7};
      samples.add(
          new EncodedSample(i, 0, Encoding.PNG, 4, 5, 3, "x" + i, new byte[] {(byte) i}, mask));
    }
    Path file = folder.resolve("masks.parquet");
    Shard shard;
    try (ShardWriter writer =
        new ShardWriter(
            hadoop, new org.apache.hadoop.fs.Path(file.toUri()), 16, ShardColumns.MASK)) {
      for (EncodedSample sample : samples) {
        writer.write(sample);
      }
      ShardWriter.Written written = writer.finish();
      shard = new Shard("masks.parquet", written.bytes(), written.sha256(), written.blockSamples());
    }
    try (BlockReader reader = new BlockReader(hadoop, folder.toString())) {
      assertThat(reader.read(shard, 0, 0))
          .usingRecursiveFieldByFieldElementComparator()
          .isEqualTo(samples);
    }
    assertThatThrownBy(() -> write("no-column.parquet", 16, samples))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sample x1 has a mask, but this shard has no column for masks");
  }

  @Test
  void listsOfLabelsComeBackAndEmptyOnesStayEmpty() throws IOException {
    List<EncodedSample> samples = new ArrayList<>();
    int[][] labels = {{}, {3}, {0, 2, 5}, {}, {1, 70_000}};
    for (int i = 0; i < labels.length; i++) {
      byte[] image = {(byte) i};
      samples.add(
          new EncodedSample(i, 0, Encoding.PNG, 4, 5, 3, "x" + i, image).withLabels(labels[i]));
    }
    Path file = folder.resolve("lists.parquet");
    Shard shard;
    try (ShardWriter writer =
        new ShardWriter(
            hadoop, new org.apache.hadoop.fs.Path(file.toUri()), 16, ShardColumns.LABELS)) {
      for (EncodedSample sample : samples) {
        writer.write(sample);
      }
      assertThatThrownBy(() -> writer.write(samples.get(0).withLabels(null)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("sample x0 has no list of labels, but this shard has the columns LABELS");
      ShardWriter.Written written = writer.finish();
      shard = new Shard("lists.parquet", written.bytes(), written.sha256(), written.blockSamples());
    }
    try (BlockReader reader = new BlockReader(hadoop, folder.toString())) {
      assertThat(reader.read(shard, 0, 0))
          .usingRecursiveFieldByFieldElementComparator()
          .isEqualTo(samples);
    }
  }

  @Test
  void blocksOfLargeImagesHoldFewRows() throws IOException {
    List<EncodedSample> samples = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      samples.add(new EncodedSample(i, 0, Encoding.JPEG, 1, 1, 3, "x", new byte[400_000]));
    }
    assertThat(write("large.parquet", 1024, samples).blockSamples()).allMatch(rows -> rows <= 4);
  }

  @Test
  void bytesDependOnTheSamplesAlone() throws IOException {
    List<EncodedSample> samples = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      samples.add(TestDatasets.sample(i));
    }
    Shard first = write("first.parquet", 16, samples);
    Shard second = write("second.parquet", 16, samples);
    assertThat(second.sha256()).isEqualTo(first.sha256());
    assertThat(first.sha256())
        .isEqualTo(
            org.bellows.data.storage.Sha256.of(
                Files.readAllBytes(folder.resolve("first.parquet"))));
  }

  @Test
  void readsBlocksAtRandomThroughTheDataset() throws IOException {
    DatasetManifest manifest = TestDatasets.write(folder, 16, 1000, 1, 500);
    DatasetReader reader = new DatasetReader(hadoop, folder.toString(), manifest, "train");
    assertThat(reader.samples()).isEqualTo(1501);
    try (BlockReader blocks = reader.openBlocks()) {
      for (int block = reader.blocks() - 1; block >= 0; block--) {
        List<EncodedSample> samples = reader.read(blocks, block);
        assertThat(samples).hasSize(reader.blockSamples().get(block));
        for (int row = 0; row < samples.size(); row++) {
          long id = reader.firstSampleId(block) + row;
          assertThat(samples.get(row))
              .usingRecursiveComparison()
              .isEqualTo(TestDatasets.sample(id));
          assertThat(reader.blockOf(id)).isEqualTo(block);
        }
      }
    }
  }

  @Test
  void namesDamagedShards() throws IOException {
    DatasetManifest manifest = TestDatasets.write(folder, 16, 1000);
    DatasetReader reader = new DatasetReader(hadoop, folder.toString(), manifest, "train");
    Path shard = folder.resolve("shards/train-00000.parquet");
    Files.delete(folder.resolve("shards/.train-00000.parquet.crc"));
    byte[] whole = Files.readAllBytes(shard);

    byte[] flipped = whole.clone();
    flipped[9000] ^= 1;
    assertDamaged(reader, shard, flipped);
    assertDamaged(reader, shard, java.util.Arrays.copyOf(whole, whole.length / 2));
    assertDamaged(reader, shard, java.util.Arrays.copyOf(whole, whole.length - 1));
    assertDamaged(reader, shard, new byte[0]);
    assertDamaged(reader, shard, new byte[100_000]);
    for (int i = 0; i < 40; i++) {
      byte[] footer = whole.clone();
      footer[whole.length - 9 - i * 13] ^= 0x55;
      readQuietly(reader, shard, footer);
    }

    Files.write(shard, whole);
    assertThat(readFirst(reader)).isNotEmpty();
    Files.delete(shard);
    assertThatThrownBy(() -> readFirst(reader)).hasMessage("shard file:" + shard + " is missing");
  }

  private Shard write(String name, int blockKibibytes, List<EncodedSample> samples)
      throws IOException {
    try (ShardWriter writer =
        new ShardWriter(
            hadoop, new org.apache.hadoop.fs.Path(folder.resolve(name).toUri()), blockKibibytes)) {
      for (EncodedSample sample : samples) {
        writer.write(sample);
      }
      ShardWriter.Written written = writer.finish();
      return new Shard(name, written.bytes(), written.sha256(), written.blockSamples());
    }
  }

  private void assertDamaged(DatasetReader reader, Path shard, byte[] content) throws IOException {
    Files.write(shard, content);
    assertThatThrownBy(() -> readFirst(reader))
        .isInstanceOf(BellowsException.class)
        .hasMessageContaining("shard file:" + shard)
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.DATA);
  }

  /** A change in the footer may hit nothing of importance; what is thrown must be ours, though. */
  private void readQuietly(DatasetReader reader, Path shard, byte[] content) throws IOException {
    Files.write(shard, content);
    try {
      assertThat(readFirst(reader)).isNotEmpty();
    } catch (BellowsException e) {
      assertThat(e.getMessage()).contains("shard file:" + shard);
    }
  }

  private static List<EncodedSample> readFirst(DatasetReader reader) {
    try (BlockReader blocks = reader.openBlocks()) {
      return reader.read(blocks, 0);
    }
  }
}
