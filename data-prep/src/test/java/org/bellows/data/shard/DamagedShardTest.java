// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.TestDatasets;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.random.SampleRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shard whose bytes are not those that were written is bad data, wherever it was hit. */
@Tag("integration")
class DamagedShardTest {
  private static final int MUTANTS = 200;
  private static final int MAGIC_AND_LENGTH_BYTES = 8;

  private final Configuration hadoop = new Configuration();

  @TempDir Path folder;

  private DatasetManifest manifest;
  private Path shard;
  private byte[] whole;
  private int footerStart;

  @BeforeEach
  void writeDataset() throws IOException {
    manifest = TestDatasets.write(folder, 16, 300);
    shard = folder.resolve("shards/train-00000.parquet");
    // Hadoop's own checksum would catch the change first; other file systems have none.
    Files.delete(folder.resolve("shards/.train-00000.parquet.crc"));
    whole = Files.readAllBytes(shard);
    int footerBytes =
        ByteBuffer.wrap(whole)
            .order(ByteOrder.LITTLE_ENDIAN)
            .getInt(whole.length - MAGIC_AND_LENGTH_BYTES);
    footerStart = whole.length - MAGIC_AND_LENGTH_BYTES - footerBytes;
  }

  @Test
  void theFooterMayBeDamagedAnywhere() throws IOException {
    for (int at = footerStart; at < whole.length; at += 2) {
      byte[] mutant = whole.clone();
      mutant[at] ^= (byte) 0xA5;
      requireWholeOrBadData(mutant, "byte " + at);
    }
  }

  @Test
  void bytesMayBeFlippedAnywhere() throws IOException {
    SampleRandom random = new SampleRandom(18);
    for (int i = 0; i < MUTANTS; i++) {
      byte[] mutant = whole.clone();
      StringBuilder where = new StringBuilder("mutant " + i + ":");
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        boolean inFooter = random.nextInt(2) == 0;
        int from = inFooter ? footerStart : 0;
        int at = from + random.nextInt(whole.length - from);
        mutant[at] = (byte) random.nextLong();
        where.append(' ').append(at);
      }
      requireWholeOrBadData(mutant, where.toString());
    }
  }

  @Test
  void ofAnotherLengthItIsTold() throws IOException {
    for (int length : List.of(0, 3, 12, footerStart, whole.length - 1)) {
      Files.write(shard, Arrays.copyOf(whole, length));
      String message = "has %d bytes, the manifest says %d".formatted(length, whole.length);
      assertBadData(this::readAll, message);
      assertBadData(this::countLabels, message);
    }
  }

  /** What cannot be read may be readable later: then the category is another. */
  @Test
  void aFileThatIsThereAgainWasNotDamaged() {
    int[] tries = {0};
    String read =
        ShardFile.tell(
            hadoop,
            new org.apache.hadoop.fs.Path(shard.toUri()),
            "reading block 0",
            () -> {
              if (tries[0]++ == 0) {
                throw new IOException("the connection was lost");
              }
              return "content";
            });
    assertThat(read).isEqualTo("content");
    assertThatThrownBy(
            () ->
                ShardFile.tell(
                    hadoop,
                    new org.apache.hadoop.fs.Path(shard.toUri()),
                    "reading block 0",
                    () -> {
                      throw new java.net.ConnectException("refused");
                    }))
        .hasMessage("reading block 0 of shard file:" + shard + " failed: refused")
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.INFRASTRUCTURE);
  }

  private void requireWholeOrBadData(byte[] content, String where) throws IOException {
    Files.write(shard, content);
    for (Runnable reading : List.<Runnable>of(this::readAll, this::countLabels)) {
      try {
        reading.run();
      } catch (BellowsException e) {
        assertThat(e.category()).as(where + ": " + e.getMessage()).isEqualTo(ErrorCategory.DATA);
        assertThat(e.getMessage()).as(where).contains("shard ");
      }
    }
  }

  private void readAll() {
    DatasetReader reader = new DatasetReader(hadoop, folder.toString(), manifest, "train");
    try (BlockReader blocks = reader.openBlocks()) {
      for (int block = 0; block < reader.blocks(); block++) {
        assertThat(reader.read(blocks, block)).hasSize(reader.blockSamples().get(block));
      }
    }
  }

  private void countLabels() {
    assertThat(LabelCounts.of(hadoop, folder.toString(), manifest, "train"))
        .hasSize(TestDatasets.CLASSES);
  }

  private void assertBadData(Runnable reading, String message) {
    assertThatThrownBy(reading::run)
        .hasMessage("shard file:" + shard + " " + message)
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.DATA);
  }
}
