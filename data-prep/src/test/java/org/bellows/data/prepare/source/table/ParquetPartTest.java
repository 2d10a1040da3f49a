// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.prepare.source.part.ClassLabels;
import org.bellows.data.prepare.source.part.ItemContent.EncodedBytes;
import org.bellows.data.prepare.source.part.ItemIterator;
import org.bellows.data.prepare.source.part.LabelRule;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourceMask;
import org.bellows.data.random.SampleRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels by their logical type, and damaged files. */
class ParquetPartTest {
  private final Configuration hadoop = new Configuration();

  @TempDir Path folder;

  private Path write(String label, int rows, BiConsumer<Group, Integer> add) throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required binary image; " + label + (label.endsWith("}") ? " }" : "; }"));
    Path file = folder.resolve("table.parquet");
    Files.deleteIfExists(file);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(schema)
            .build()) {
      for (int i = 0; i < rows; i++) {
        Group row = new SimpleGroupFactory(schema).newGroup();
        row.append("image", Binary.fromConstantByteArray(new byte[] {1, 2, (byte) i}));
        add.accept(row, i);
        writer.write(row);
      }
    }
    Files.delete(folder.resolve(".table.parquet.crc"));
    return file;
  }

  private static ParquetPart part(String place, String image, String label) {
    return part(place, image, label, new LabelRule(false, "|"));
  }

  private static ParquetPart part(String place, String image, String label, LabelRule rule) {
    ManifestPart.ImagePath path = new ManifestPart.ImagePath("path", "", ".jpg");
    return new ParquetPart(place, image, path, "", label, rule, "split", "train");
  }

  private List<SourceItem> items(Path file) throws IOException {
    return items(file, new LabelRule(false, "|"));
  }

  private List<SourceItem> items(Path file, LabelRule rule) throws IOException {
    List<SourceItem> items = new ArrayList<>();
    String place = file.toUri().toString();
    try (ItemIterator found = part(place, "image", "label", rule).open(hadoop, true)) {
      while (found.hasNext()) {
        items.add((SourceItem) found.next());
      }
    }
    return items;
  }

  private List<SourceItem> masked(Path file, boolean withContent) throws IOException {
    ManifestPart.ImagePath path = new ManifestPart.ImagePath("path", "", ".jpg");
    ParquetPart part =
        new ParquetPart(
            file.toUri().toString(),
            "image",
            path,
            "mask",
            "label",
            new LabelRule(false, "|"),
            "split",
            "train");
    List<SourceItem> items = new ArrayList<>();
    try (ItemIterator found = part.open(hadoop, withContent)) {
      while (found.hasNext()) {
        items.add((SourceItem) found.next());
      }
    }
    return items;
  }

  /** Two rows with a label, the second without a mask; and whole columns of masks. */
  @Test
  void aRowWithoutAMaskHasNoneWhileListingEither() throws IOException {
    String columns = "required binary label (UTF8); optional group mask { optional binary bytes; }";
    for (int length : new int[] {5, 9000}) {
      Binary mask = Binary.fromConstantByteArray(new byte[length]);
      Path some =
          write(
              columns,
              2,
              (row, i) -> {
                Group struct = row.append("label", "a").addGroup("mask");
                if (i == 0) {
                  struct.append("bytes", mask);
                }
              });
      for (boolean withContent : new boolean[] {false, true}) {
        List<SourceItem> items = masked(some, withContent);
        assertThat(items).extracting(SourceItem::refusal).containsOnlyNulls();
        assertThat(items.get(0).masks())
            .extracting(SourceMask::bytes)
            .containsExactly((long) length);
        assertThat(items.get(1).masks()).isEmpty();
      }
    }
    long before = 0;
    for (int length : new int[] {5, 6}) {
      byte[] mask = new byte[length];
      Path all =
          write(
              columns,
              1,
              (row, i) ->
                  row.append("label", "a")
                      .addGroup("mask")
                      .append("bytes", Binary.fromConstantByteArray(mask)));
      SourceMask listed = masked(all, false).get(0).masks().get(0);
      assertThat(listed.content()).as("it was not read").isNull();
      assertThat(listed.bytes()).isGreaterThan(before);
      before = listed.bytes();
    }
  }

  private List<String> labels(String column, BiConsumer<Group, Integer> add) throws IOException {
    return items(write(column, 3, add)).stream()
        .map(item -> item.label() == null ? item.refusal().reason() : item.label())
        .toList();
  }

  @Test
  void wholeNumbersAndTextAreLabels() throws IOException {
    assertThat(labels("required int32 label", (row, i) -> row.append("label", i - 1)))
        .containsExactly("has label -1, expected a whole number of 0 to 999999", "0", "1");
    assertThat(labels("required int64 label", (row, i) -> row.append("label", 999_999L + i)))
        .element(2)
        .isEqualTo("has label 1000001, expected a whole number of 0 to 999999");
    assertThat(labels("required int32 label (UINT_32)", (row, i) -> row.append("label", i - 1)))
        .containsExactly("has label 4294967295, expected a whole number of 0 to 999999", "0", "1");
    assertThat(labels("required binary label (UTF8)", (row, i) -> row.append("label", "K\u00E4se")))
        .containsOnly("K\u00E4se");
    assertThat(
            labels(
                "optional binary label (UTF8)",
                (row, i) -> {
                  if (i > 0) {
                    row.append("label", i == 1 ? "" : " a ");
                  }
                }))
        .containsExactly("has no label", "has no label", "a");
  }

  @Test
  void bytesAreTextOrAreRefused() throws IOException {
    byte[][] values = {{'c', 'a', 't'}, {7, 0, 0, 0}, {'K', (byte) 0xE4, 's', 'e'}};
    assertThat(
            labels(
                "required binary label",
                (row, i) -> row.append("label", Binary.fromConstantByteArray(values[i]))))
        .containsExactly(
            "cat",
            "has 4 bytes as label, 07 00 00 00, expected text",
            "has a label that is not UTF-8: byte 0xE4 after \"K\"");
  }

  @Test
  void otherKindsAreNamed() throws IOException {
    assertNoLabels("required int32 label (DATE)", (row, i) -> row.append("label", i));
    assertNoLabels("required int64 label (TIMESTAMP_MILLIS)", (row, i) -> row.append("label", 5L));
    assertNoLabels("required int32 label (DECIMAL(5,2))", (row, i) -> row.append("label", i));
    assertNoLabels("required boolean label", (row, i) -> row.append("label", true));
    assertNoLabels("required float label", (row, i) -> row.append("label", 1f));
    assertNoLabels("required double label", (row, i) -> row.append("label", 1d));
    assertNoLabels("required binary label (JSON)", (row, i) -> row.append("label", "{}"));
    assertNoLabels("repeated int32 label", (row, i) -> row.append("label", 1));
  }

  private void assertNoLabels(String column, BiConsumer<Group, Integer> add) throws IOException {
    Path file = write(column, 1, add);
    assertThatThrownBy(() -> items(file))
        .isInstanceOf(BellowsException.class)
        .hasMessageStartingWith(
            "%s has \"label\" as %s".formatted(file.toUri(), column.replaceFirst(" \\(.*", "")))
        .hasMessageEndingWith(", expected a column of text or whole numbers");
  }

  @Test
  void damageIsBadDataWhereverItIs() throws IOException {
    Path file = write("required int32 label", 50, (row, i) -> row.append("label", i % 3));
    byte[] whole = Files.readAllBytes(file);
    SampleRandom random = new SampleRandom(2);
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] damaged = whole.clone();
      int at = (int) Math.floorMod(random.nextLong(), (long) whole.length);
      damaged[at] = (byte) random.nextLong();
      Files.write(file, damaged);
      try {
        items(file);
      } catch (BellowsException e) {
        assertThat(e.category()).as(e.getMessage()).isEqualTo(ErrorCategory.DATA);
        assertThat(e).hasMessageContaining("table.parquet");
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(100);
  }

  /** Local, but reading fails as a disk that goes away does. */
  public static final class GoneFileSystem extends RawLocalFileSystem {
    @Override
    public FSDataInputStream open(org.apache.hadoop.fs.Path file, int bufferBytes)
        throws IOException {
      FSDataInputStream in = super.open(file, bufferBytes);
      in.close();
      return in;
    }
  }

  @Test
  void bytesThatCannotBeHadAreNoDamage() throws IOException {
    Path file = write("required int32 label", 3, (row, i) -> row.append("label", i));
    hadoop.setClass("fs.file.impl", GoneFileSystem.class, RawLocalFileSystem.class);
    hadoop.setBoolean("fs.file.impl.disable.cache", true);
    assertThatThrownBy(() -> items(file))
        .isInstanceOfSatisfying(
            BellowsException.class,
            e -> assertThat(e.category()).isEqualTo(ErrorCategory.INFRASTRUCTURE))
        .hasMessageStartingWith("reading " + file.toUri() + " failed: ");
  }

  private static final String DATASETS =
      "message m { optional group image { optional binary bytes; optional binary path (STRING); }"
          + " optional group info { optional int64 label; } }";

  private Path writeStructs(Map<String, String> metadata) throws IOException {
    MessageType schema = MessageTypeParser.parseMessageType(DATASETS);
    Path file = folder.resolve("structs.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(schema)
            .withExtraMetaData(metadata)
            .build()) {
      for (int i = 0; i < 4; i++) {
        Group row = new SimpleGroupFactory(schema).newGroup();
        if (i != 1) {
          Group image = row.addGroup("image");
          image.append("path", i + ".jpg");
          if (i != 2) {
            image.append("bytes", Binary.fromConstantByteArray(new byte[] {1, (byte) i}));
          }
        }
        row.addGroup("info").append("label", (long) i % 2);
        writer.write(row);
      }
    }
    return file;
  }

  /** Each form of lists that Parquet's specification has, a list without values, and no list. */
  @Test
  void labelsMayBeLists() throws IOException {
    String three = "optional group label (LIST) { repeated group list { optional %s element; } }";
    String two = "optional group label (LIST) { repeated %s array; }";
    String one = "repeated %s label";
    for (String form : List.of(three, two, one)) {
      for (String type : List.of("int32", "int64", "binary")) {
        Path file = write(form.formatted(type), 3, (row, i) -> addLabels(row, form, type, i));
        LabelRule several = new LabelRule(true, "|");
        assertThat(items(file, several))
            .as(form.formatted(type))
            .extracting(SourceItem::labels)
            .containsExactly(List.of(), List.of("1"), List.of("1", "2"));
      }
      Path file = write(form.formatted("double"), 0, (row, i) -> {});
      assertThatThrownBy(() -> items(file, new LabelRule(true, "|")))
          .hasMessageContaining("column of text, of whole numbers, or of lists of them");
      assertThatThrownBy(() -> items(file, new LabelRule(false, "|")))
          .hasMessageEndingWith("expected a column of text or whole numbers");
    }
    Path text = write("optional binary label (STRING)", 3, ParquetPartTest::addText);
    assertThat(items(text, new LabelRule(true, "|")))
        .extracting(SourceItem::labels)
        .containsExactly(List.of(), List.of("a"), List.of("a", "b c"));
    Path none = write(three.formatted("int32"), 1, (row, i) -> {});
    assertThat(items(none, new LabelRule(true, "|")).get(0).refusal().reason())
        .isEqualTo("has no label");
    Path hole = write(three.formatted("int32"), 1, (row, i) -> row.addGroup(1).addGroup(0));
    assertThat(items(hole, new LabelRule(true, "|")).get(0).refusal().reason())
        .isEqualTo("has an empty value in its label");
  }

  private static void addText(Group row, int i) {
    row.append("label", List.of("", "a", "b c|a||b c| a").get(i));
  }

  /** Row i has the labels 1 to i, the first of them twice. */
  private static void addLabels(Group row, String form, String type, int count) {
    boolean isBare = form.startsWith("repeated");
    Group list = isBare ? row : row.addGroup("label");
    for (int i = 0; i <= count && count > 0; i++) {
      boolean isNested = form.contains("element");
      Group parent = isNested ? list.addGroup("list") : list;
      String field = isNested ? "element" : isBare ? "label" : "array";
      int value = Math.max(1, i);
      switch (type) {
        case "int32" -> parent.append(field, value);
        case "int64" -> parent.append(field, (long) value);
        default -> parent.append(field, Integer.toString(value));
      }
    }
  }

  /** As Hugging Face's datasets writes an Image feature: its bytes, its path, or both. */
  @Test
  void fieldsOfStructsAreColumns() throws IOException {
    String place = writeStructs(Map.of()).toUri().toString();
    for (String image : List.of("image", "image.bytes")) {
      List<SourceItem> items = new ArrayList<>();
      try (ItemIterator found = part(place, image, "info.label").open(hadoop, true)) {
        while (found.hasNext()) {
          items.add((SourceItem) found.next());
        }
      }
      assertThat(items)
          .extracting(item -> item.label() == null ? item.refusal().reason() : item.label())
          .as("image column %s", image)
          .containsExactly("0", "has no image.bytes", "has no image.bytes", "1");
      assertThat(((EncodedBytes) items.get(3).content()).bytes()).containsExactly(1, 3);
    }
    assertThatThrownBy(() -> part(place, "image", "info").open(hadoop, false))
        .hasMessage(
            "%s has \"info\" as optional group info {, expected a column of text or whole numbers"
                .formatted(place));
    assertThatThrownBy(() -> part(place, "info", "info.label").open(hadoop, false))
        .hasMessageEndingWith(
            "expected a column of bytes, a struct with a field bytes, or the struct of Spark's"
                + " image source");
  }

  @Test
  void classesAreNamedByTheMetadataOfDatasets() throws IOException {
    String features =
        "{\"info\": {\"features\": {\"info\": {\"label\": {\"names\": [\"cat\", \"dog\"],"
            + " \"_type\": \"ClassLabel\"}}}}}";
    String place = writeStructs(Map.of("huggingface", features)).toUri().toString();
    ParquetPart part = part(place, "image", "info.label");
    assertThat(part.classes(hadoop)).map(ClassLabels::names).contains(List.of("cat", "dog"));
    Files.delete(folder.resolve("structs.parquet"));
    writeStructs(Map.of("huggingface", "{\"info\": {\"features\": {}}}"));
    assertThat(part.classes(hadoop)).isEmpty();
    Files.delete(folder.resolve("structs.parquet"));
    writeStructs(Map.of("huggingface", "{"));
    assertThatThrownBy(() -> part.classes(hadoop))
        .hasMessageStartingWith(place + " has metadata \"huggingface\" that is not JSON: ");
    Files.delete(folder.resolve("structs.parquet"));
    writeStructs(
        Map.of("huggingface", features.replace("\"info\": {\"label", "\"image\": {\"path")));
    assertThat(part(place, "image", "image.path").classes(hadoop))
        .as("classes of text, which spells the names itself")
        .isEmpty();
    assertThat(part(place, "image", "image.path", new LabelRule(true, "|")).classes(hadoop))
        .as("classes of several labels a row")
        .isPresent();
  }

  /** The schema that Spark's source of images has; pixels are in OpenCV's order. */
  @Test
  void pixelsOfSparksImagesBecomePngs() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { optional group image { optional binary origin (STRING); optional int32"
                + " height; optional int32 width; optional int32 nChannels; optional int32 mode;"
                + " optional binary data; } optional int32 label; }");
    Path file = folder.resolve("images.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(schema)
            .build()) {
      int[][] rows = {{1, 2, 16, 6}, {2, 1, 0, 2}, {1, 1, 24, 4}, {1, 2, 16, 5}};
      for (int[] row : rows) {
        byte[] data = new byte[row[3]];
        for (int i = 0; i < data.length; i++) {
          data[i] = (byte) (10 * i);
        }
        Group group = new SimpleGroupFactory(schema).newGroup();
        group
            .addGroup("image")
            .append("height", row[0])
            .append("width", row[1])
            .append("mode", row[2])
            .append("data", Binary.fromConstantByteArray(data));
        group.append("label", 0);
        writer.write(group);
      }
    }
    List<SourceItem> items = items(file);
    ImageDecoder decoder = new ImageDecoder(100);
    RasterImage colours = decoder.decode(((EncodedBytes) items.get(0).content()).bytes());
    assertThat(List.of(colours.height(), colours.width(), colours.channels()))
        .containsExactly(1, 2, 3);
    assertThat(colours.interleaved()).containsExactly(20, 10, 0, 50, 40, 30);
    RasterImage grey = decoder.decode(((EncodedBytes) items.get(1).content()).bytes());
    assertThat(List.of(grey.height(), grey.width())).containsExactly(2, 1);
    assertThat(grey.interleaved()).containsExactly(0, 0, 0, 10, 10, 10);
    assertThat(items.get(2).refusal().reason())
        .isEqualTo("has an image of OpenCV's type 24, expected 16 (CV_8UC3) or 0 (CV_8UC1)");
    assertThat(items.get(3).refusal().reason())
        .isEqualTo("has an image of 1 x 2 pixels and 3 channels with 5 bytes");
  }

  /** Where nothing is asked of labels, none need be there; a path leads from the table's folder. */
  @Test
  void aColumnOfTextHasPathsOfPictures() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType("message m { optional binary path (STRING); }");
    Files.writeString(folder.resolve("a.jpg"), "picture");
    Path file = folder.resolve("paths.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(schema)
            .build()) {
      writer.write(new SimpleGroupFactory(schema).newGroup().append("path", "a"));
      writer.write(new SimpleGroupFactory(schema).newGroup().append("path", "b"));
      writer.write(new SimpleGroupFactory(schema).newGroup());
    }
    for (String image : List.of("image", "path")) {
      List<SourceItem> items = new ArrayList<>();
      try (ItemIterator found = part(file.toUri().toString(), image, "").open(hadoop, true)) {
        while (found.hasNext()) {
          items.add((SourceItem) found.next());
        }
      }
      assertThat(items.get(0).path()).isEqualTo("a.jpg");
      assertThat(items.get(0).bytes()).isEqualTo(7);
      assertThat(items.get(0).isUnlabelled()).isTrue();
      assertThat(items.get(1).refusal().reason())
          .isEqualTo("names b.jpg, and there is no such file");
      assertThat(items.get(2).refusal().reason()).isEqualTo("has no path");
    }
  }
}
