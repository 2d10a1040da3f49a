// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.shaded.com.google.common.hash.Hashing;
import org.bellows.conf.SourceSettings.Format;
import org.bellows.data.TestImages;
import org.bellows.data.prepare.listing.TestListing;
import org.bellows.data.prepare.source.part.ItemContent.FileRange;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourceMask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of TensorFlow's records, put together with protobuf's own writer and Guava's CRC-32C. */
class TfRecordTest {
  private static final int LIST = 1;

  @TempDir Path folder;
  private ByteArrayOutputStream file;

  @BeforeEach
  void empty() {
    file = new ByteArrayOutputStream();
  }

  private interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Fields fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    fields.writeTo(out);
    out.flush();
    return bytes.toByteArray();
  }

  /** A Feature: of kind 1 (bytes), 2 (floats) or 3 (whole numbers), with the list's content. */
  private static byte[] feature(int kind, Fields list) throws IOException {
    byte[] content = message(list);
    return message(out -> out.writeByteArray(kind, content));
  }

  private static byte[] bytes(byte[]... values) throws IOException {
    return feature(
        1,
        out -> {
          for (byte[] value : values) {
            out.writeByteArray(LIST, value);
          }
        });
  }

  private static byte[] packed(long... values) throws IOException {
    byte[] content =
        message(
            out -> {
              for (long value : values) {
                out.writeInt64NoTag(value);
              }
            });
    return feature(3, out -> out.writeByteArray(LIST, content));
  }

  /**
   * @param features a name, then what {@link #feature} gives, and so on
   */
  private static byte[] example(Object... features) throws IOException {
    byte[] map =
        message(
            out -> {
              for (int i = 0; i < features.length; i += 2) {
                String name = (String) features[i];
                byte[] value = (byte[]) features[i + 1];
                out.writeByteArray(
                    1,
                    message(
                        entry -> {
                          entry.writeString(1, name);
                          entry.writeByteArray(2, value);
                        }));
              }
            });
    return message(out -> out.writeBytes(1, ByteString.copyFrom(map)));
  }

  private TfRecordTest add(byte[] record) {
    byte[] length =
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(record.length).array();
    file.writeBytes(length);
    file.writeBytes(checksum(length));
    file.writeBytes(record);
    file.writeBytes(checksum(record));
    return this;
  }

  private static byte[] checksum(byte[] bytes) {
    int crc = Hashing.crc32c().hashBytes(bytes).asInt();
    int masked = ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(masked).array();
  }

  private List<String> items(String name, byte[] content) throws IOException {
    Files.write(folder.resolve(name), content);
    return TestListing.lines(TestListing.find("source.path=" + folder));
  }

  @Test
  void imagesAreReadInPlace() throws IOException {
    for (int i = 0; i < 3; i++) {
      add(
          example(
              "file_name",
              bytes("x".getBytes(UTF_8)),
              "image",
              bytes(TestImages.jpeg(9 + i, 7)),
              "label",
              packed(i % 2)));
    }
    assertThat(items("flowers-train.tfrecord-00000-of-00001", file.toByteArray()))
        .containsExactly(
            "train flowers-train.tfrecord-00000-of-00001#0 0",
            "train flowers-train.tfrecord-00000-of-00001#1 1",
            "train flowers-train.tfrecord-00000-of-00001#2 0");
    var source = TestListing.find("source.path=" + folder);
    assertThat(source.format()).isEqualTo(Format.TFRECORD);
    SourceItem last = TestListing.items(source).get(2);
    FileRange range = (FileRange) last.content();
    assertThat(
            Arrays.copyOfRange(
                file.toByteArray(), (int) range.offset(), (int) (range.offset() + range.bytes())))
        .isEqualTo(TestImages.jpeg(11, 7));
  }

  /** As TensorFlow's scripts for ImageNet name features and files. */
  @Test
  void featuresOfImagenetsScripts() throws IOException {
    byte[] unpacked = feature(3, out -> out.writeInt64(LIST, 3));
    add(example("image/encoded", bytes(TestImages.jpeg(9, 7)), "image/class/label", unpacked));
    assertThat(items("validation-00000-of-00128", file.toByteArray()))
        .containsExactly("validation validation-00000-of-00128#0 3");
  }

  @Test
  void noLabelNeedBeThereWhereNoneIsAskedFor() throws IOException {
    add(example("image", bytes(TestImages.jpeg(9, 7))));
    Files.write(folder.resolve("a.tfrecord"), file.toByteArray());
    assertThat(TestListing.lines(TestListing.findWithoutLabels("source.path=" + folder)))
        .containsExactly("train a.tfrecord#0 null");
  }

  @Test
  void labelsMayBeText() throws IOException {
    byte[] image = bytes(TestImages.jpeg(9, 7));
    add(example("image", image, "label", bytes("cat".getBytes(UTF_8))));
    add(example("image", image, "label", bytes(new byte[] {(byte) 0xE4})));
    add(example("image", image, "label", bytes("cat".getBytes(UTF_8), "dog".getBytes(UTF_8))));
    add(example("image", image, "label", packed(-1)));
    add(example("image", image, "label", packed(1, 2)));
    add(example("image", image, "label", feature(2, out -> out.writeFloat(LIST, 1f))));
    add(example("image", packed(1), "label", packed(1)));
    add(example("label", packed(1)));
    add(new byte[] {0x0b, 1});
    add(new byte[] {0x0a, 0x7f, 1});
    assertThat(items("a.tfrecord", file.toByteArray()))
        .containsExactly(
            "train a.tfrecord#0 cat",
            "train a.tfrecord#1 has a label that is not UTF-8: byte 0xE4 at its beginning",
            "train a.tfrecord#2 has 2 values of label, expected one",
            "train a.tfrecord#3 has label -1, expected a whole number of 0 to 999999",
            "train a.tfrecord#4 has 2 values of label, expected one",
            "train a.tfrecord#5 has floats as label, expected bytes or whole numbers",
            "train a.tfrecord#6 has whole numbers as image, expected bytes",
            "train a.tfrecord#7 has the features label, expected \"image\" among them",
            "train a.tfrecord#8 is no tf.train.Example: its field 1 is of type 3, expected 2",
            "train a.tfrecord#9 is no tf.train.Example: its fields do not fit");
  }

  /** A list is one by itself: nothing in a text separates labels. */
  @Test
  void aRecordMayHaveSeveralLabels() throws IOException {
    byte[] image = bytes(TestImages.jpeg(9, 7));
    byte[] empty = {};
    add(example("image", image, "label", packed(7, 2, 7)));
    add(example("image", image, "label", bytes("4".getBytes(UTF_8), "1".getBytes(UTF_8))));
    add(example("image", image, "label", packed()));
    add(example("image", image, "label", empty));
    add(example("image", image, "label", bytes("3|5".getBytes(UTF_8))));
    add(example("image", image, "label", packed(1, -1)));
    add(example("image", image));
    add(example("image", image, "label", packed(new long[TfExample.MOST_VALUES + 1])));
    Files.write(folder.resolve("a.tfrecord"), file.toByteArray());
    assertThat(
            TestListing.lines(TestListing.find("source.path=" + folder, "source.labels=multiple")))
        .containsExactly(
            "train a.tfrecord#0 2\n7",
            "train a.tfrecord#1 1\n4",
            "train a.tfrecord#2 ",
            "train a.tfrecord#3 ",
            "train a.tfrecord#4 3|5",
            "train a.tfrecord#5 has label -1, expected a whole number of 0 to 999999",
            "train a.tfrecord#6 has the features image, expected \"label\" among them",
            "train a.tfrecord#7 has 65537 values of label, allowed are 65536");
  }

  @Test
  void aFeatureMayBeTheMask() throws IOException {
    byte[] image = bytes(TestImages.jpeg(9, 7));
    byte[] mask = TestImages.png(9, 7);
    add(example("image", image, "seg", bytes(mask)));
    add(example("image", image, "seg", bytes(mask, mask)));
    add(example("image", image, "seg", packed(1)));
    add(example("image", image));
    Files.write(folder.resolve("a.tfrecord"), file.toByteArray());
    var source = TestListing.find("source.path=" + folder, "source.mask-column=seg");
    assertThat(TestListing.lines(source))
        .containsExactly(
            "train a.tfrecord#0 null",
            "train a.tfrecord#1 has 2 values of seg, expected one",
            "train a.tfrecord#2 has whole numbers as seg, expected bytes",
            "train a.tfrecord#3 has the features image, expected \"seg\" among them");
    SourceMask first = TestListing.items(source).get(0).masks().get(0);
    FileRange range = (FileRange) first.content();
    assertThat(
            Arrays.copyOfRange(
                file.toByteArray(), (int) range.offset(), (int) (range.offset() + range.bytes())))
        .isEqualTo(mask);
    assertThat(first.name()).isEqualTo("a.tfrecord#0.seg");
    assertThat(first.bytes()).isEqualTo(mask.length);
  }

  @Test
  void damageIsNamedAndWhatIsSoundIsRead() throws IOException {
    byte[] image = bytes(TestImages.jpeg(9, 7));
    byte[] record = example("image", image, "label", packed(0));
    add(record).add(record).add(record);
    byte[] whole = file.toByteArray();
    int bytes = whole.length / 3;
    byte[] flipped = whole.clone();
    flipped[bytes + 100] ^= 1;
    assertThat(items("a.tfrecord", flipped))
        .containsExactly(
            "train a.tfrecord#0 0",
            "train a.tfrecord#1 has content whose checksum does not fit",
            "train a.tfrecord#2 0");
    byte[] length = whole.clone();
    length[bytes] ^= 1;
    assertThat(items("a.tfrecord", length))
        .containsExactly(
            "train a.tfrecord#0 0",
            "train a.tfrecord#1 has a length whose checksum does not fit (record at byte %d); the rest of the file is not read"
                .formatted(bytes));
    assertThat(items("a.tfrecord", Arrays.copyOf(whole, whole.length - 9)))
        .hasSize(3)
        .last()
        .asString()
        .contains("bytes, but the file has only %d left".formatted(bytes - 12 - 9));
    assertThat(items("a.tfrecord", Arrays.copyOf(whole, 2 * bytes + 5)))
        .last()
        .asString()
        .startsWith("train a.tfrecord#2 is cut off in its header");
  }
}
