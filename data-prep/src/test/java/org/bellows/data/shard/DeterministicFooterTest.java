// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.bellows.data.TestDatasets;
import org.bellows.data.storage.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeterministicFooterTest {
  /** Of the shard below, whatever JVM wrote it; changes with Parquet's version, which it names. */
  private static final String GOLDEN =
      "695f57ac8e5a4ce219747ae84083f180f2822a7a9a4f174097a9447bcdb6a5be";

  @TempDir Path folder;

  @Test
  void everyProcessWritesTheSameBytes() throws IOException {
    byte[] shard = shard();
    assertThat(Sha256.of(shard)).isEqualTo(GOLDEN);
  }

  @Test
  void encodingsInAnotherOrderAreSorted() throws IOException {
    byte[] shard = shard();
    byte[] shuffled = withFooter(shard, Collections.reverseOrder());
    assertThat(shuffled).hasSameSizeAs(shard).isNotEqualTo(shard);
    assertThat(DeterministicFooter.of(shuffled)).isEqualTo(shard);
    // What is held back may begin anywhere before the footer.
    int from = shard.length - 3000;
    assertThat(DeterministicFooter.of(Arrays.copyOfRange(shuffled, from, shard.length)))
        .isEqualTo(Arrays.copyOfRange(shard, from, shard.length));
  }

  @Test
  void anUnfinishedFileIsLeftAsItIs() throws IOException {
    byte[] cut = Arrays.copyOf(shard(), 700);
    assertThat(DeterministicFooter.of(cut)).isEqualTo(cut);
    assertThat(DeterministicFooter.of(new byte[3])).hasSize(3);
  }

  @Test
  void aFooterThatWasNotHeldBackIsAnError() throws IOException {
    byte[] shard = shard();
    byte[] end = Arrays.copyOfRange(shard, shard.length - 100, shard.length);
    assertThatThrownBy(() -> DeterministicFooter.of(end))
        .isInstanceOf(IOException.class)
        .hasMessageMatching("the footer of the shard has \\d+ bytes, at most 92 are held back .*");
  }

  private byte[] shard() throws IOException {
    Path file = folder.resolve("shard.parquet");
    try (ShardWriter writer =
        new ShardWriter(new Configuration(), new org.apache.hadoop.fs.Path(file.toUri()), 16)) {
      for (int id = 0; id < 400; id++) {
        writer.write(TestDatasets.sample(id));
      }
      ShardWriter.Written written = writer.finish();
      byte[] bytes = Files.readAllBytes(file);
      assertThat(written.sha256()).isEqualTo(Sha256.of(bytes));
      assertThat(written.bytes()).isEqualTo(bytes.length);
      return bytes;
    }
  }

  private static byte[] withFooter(byte[] file, Comparator<Encoding> order) throws IOException {
    ByteBuffer end = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int length = end.getInt(file.length - 8);
    int from = file.length - 8 - length;
    FileMetaData metadata = Util.readFileMetaData(new ByteArrayInputStream(file, from, length));
    metadata.getRow_groups().stream()
        .flatMap(block -> block.getColumns().stream())
        .forEach(column -> column.getMeta_data().getEncodings().sort(order));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(file, 0, from);
    Util.writeFileMetaData(metadata, out);
    out.write(file, file.length - 8, 4);
    out.write("PAR1".getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }
}
