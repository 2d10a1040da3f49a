// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.SequenceFile.CompressionType;
import org.apache.hadoop.io.Text;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.prepare.source.part.ItemContent.EncodedBytes;
import org.bellows.data.prepare.source.part.ItemIterator;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.random.SampleRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sequence files as Hadoop writes them, and as nobody should. */
class SequenceFilePartTest {
  private static final int RECORDS = 300;

  private final Configuration hadoop = new Configuration();

  @TempDir Path folder;

  private Path write(CompressionType compression) throws IOException {
    Path file = folder.resolve("images.seq");
    // Small, so that there are many blocks and marks.
    hadoop.setInt("io.seqfile.compress.blocksize", 20_000);
    try (SequenceFile.Writer writer =
        SequenceFile.createWriter(
            hadoop,
            SequenceFile.Writer.file(new org.apache.hadoop.fs.Path(file.toUri())),
            SequenceFile.Writer.keyClass(Text.class),
            SequenceFile.Writer.valueClass(BytesWritable.class),
            SequenceFile.Writer.syncInterval(5_000),
            SequenceFile.Writer.compression(compression))) {
      for (int i = 0; i < RECORDS; i++) {
        writer.append(new Text(key(i)), new BytesWritable(value(i)));
      }
    }
    Files.delete(folder.resolve(".images.seq.crc"));
    return file;
  }

  private static String key(int i) {
    return "k\u00E4se/" + i + ".jpg";
  }

  private static byte[] value(int i) {
    byte[] value = new byte[i % 400];
    SampleRandom random = new SampleRandom(i);
    for (int at = 0; at < value.length; at++) {
      value[at] = (byte) (random.nextLong() & 15);
    }
    return value;
  }

  private List<SourceItem> items(Path file, long start, long end, boolean withContent)
      throws IOException {
    List<SourceItem> items = new ArrayList<>();
    SequenceFilePart part = new SequenceFilePart(file.toUri().toString(), start, end, "train");
    try (ItemIterator found = part.open(hadoop, withContent)) {
      while (found.hasNext()) {
        items.add((SourceItem) found.next());
      }
    }
    return items;
  }

  private List<SourceItem> items(Path file) throws IOException {
    return items(file, 0, Files.size(file), true);
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void everyRecordIsOfOneStretch(CompressionType compression) throws IOException {
    Path file = write(compression);
    for (long stretch : new long[] {Files.size(file), 7_001, 1_013}) {
      List<SourceItem> items = new ArrayList<>();
      List<SourceItem> listed = new ArrayList<>();
      for (long start = 0; start < Files.size(file); start += stretch) {
        items.addAll(items(file, start, start + stretch, true));
        listed.addAll(items(file, start, start + stretch, false));
      }
      assertThat(items).as("stretches of %d bytes", stretch).hasSize(RECORDS);
      for (int i = 0; i < RECORDS; i++) {
        assertThat(items.get(i).path()).isEqualTo(key(i));
        assertThat(((EncodedBytes) items.get(i).content()).bytes()).isEqualTo(value(i));
        assertThat(items.get(i).bytes()).isEqualTo(i % 400);
        assertThat(listed.get(i).bytes()).isEqualTo(i % 400);
        assertThat(listed.get(i).content()).isNull();
      }
    }
  }

  /** Hadoop's reader takes such a file for one that ends before the block. */
  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void aFileThatIsCutOffIsDamaged(CompressionType compression) throws IOException {
    Path file = write(compression);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 10));
    assertData(file, "cannot be read as a sequence file: ");
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void damageIsBadDataWhereverItIs(CompressionType compression) throws IOException {
    Path file = write(compression);
    byte[] whole = Files.readAllBytes(file);
    SampleRandom random = new SampleRandom(1);
    for (int i = 0; i < 150; i++) {
      byte[] damaged = whole.clone();
      // Half of it in the header.
      int at = (int) Math.floorMod(random.nextLong(), i % 2 == 0 ? 200L : whole.length);
      damaged[at] ^= (byte) (1 << Math.floorMod(random.nextLong(), 8));
      Files.write(file, damaged);
      try {
        assertThat(items(file).size()).isLessThanOrEqualTo(RECORDS);
      } catch (BellowsException e) {
        assertThat(e.category()).as(e.getMessage()).isEqualTo(ErrorCategory.DATA);
      }
    }
  }

  @Test
  void aLengthThatIsALieCostsNoMemory() throws IOException {
    Path file = write(CompressionType.NONE);
    byte[] whole = Files.readAllBytes(file);
    byte[] first = key(0).getBytes(StandardCharsets.UTF_8);
    int key = indexOf(whole, first);
    // int record, int key, the key's own length, the key, the value's own length
    int record = key - 1 - 2 * Integer.BYTES;
    ByteBuffer.wrap(whole).putInt(record, Integer.MAX_VALUE);
    Files.write(file, whole);
    assertData(file, "there is a record of 2147483647 bytes with a key of 12, and ");
    ByteBuffer.wrap(whole).putInt(record, first.length + 1 + Integer.BYTES);
    ByteBuffer.wrap(whole).putInt(record + Integer.BYTES, Integer.MAX_VALUE);
    Files.write(file, whole);
    assertData(file, "there is a record of 16 bytes with a key of 2147483647, and ");
    ByteBuffer.wrap(whole).putInt(record + Integer.BYTES, first.length + 1);
    ByteBuffer.wrap(whole).putInt(key + first.length, Integer.MAX_VALUE);
    Files.write(file, whole);
    List<SourceItem> items = items(file);
    assertThat(items).hasSize(RECORDS);
    assertThat(items.get(0).refusal().reason())
        .isEqualTo("has a value that says it has 2147483647 bytes, and there are 0");
    assertThat(items.get(1).refusal()).isNull();
  }

  @Test
  void foreignClassesAreNamedAndNotLoaded() throws IOException {
    Path file = write(CompressionType.RECORD);
    byte[] whole = Files.readAllBytes(file);
    replace(whole, "org.apache.hadoop.io.Text", "com.example.hadoop.Strang");
    Files.write(file, whole);
    assertData(file, " holds keys of com.example.hadoop.Strang and values of org.apache.hadoop.io");
    replace(whole, "com.example.hadoop.Strang", "org.apache.hadoop.io.Text");
    replace(whole, "compress.DefaultCodec", "compress.StrangeCodec");
    Files.write(file, whole);
    assertData(file, "compress.StrangeCodec, which is none of the codecs of this Hadoop");
  }

  @Test
  void aKeyThatIsNotUtf8IsRefused() throws IOException {
    Path file = write(CompressionType.NONE);
    byte[] whole = Files.readAllBytes(file);
    whole[indexOf(whole, key(3).getBytes(StandardCharsets.UTF_8)) + 1] = (byte) 0xFF;
    Files.write(file, whole);
    SourceItem item = items(file).get(3);
    assertThat(item.path()).isEqualTo("k\\xFF\\xA4se/3.jpg");
    assertThat(item.refusal().reason())
        .isEqualTo("has a key that is not UTF-8: byte 0xFF after \"k\"");
  }

  private void assertData(Path file, String message) {
    assertThatThrownBy(() -> items(file))
        .isInstanceOfSatisfying(
            BellowsException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.DATA))
        .hasMessageContaining(message);
  }

  private static void replace(byte[] whole, String from, String to) {
    byte[] bytes = to.getBytes(StandardCharsets.UTF_8);
    assertThat(bytes).hasSize(from.length());
    int at = indexOf(whole, from.getBytes(StandardCharsets.UTF_8));
    System.arraycopy(bytes, 0, whole, at, bytes.length);
  }

  private static int indexOf(byte[] whole, byte[] part) {
    for (int at = 0; at < whole.length - part.length; at++) {
      if (Arrays.equals(whole, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    throw new AssertionError("not there: " + new String(part, StandardCharsets.UTF_8));
  }
}
