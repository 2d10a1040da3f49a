// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.bellows.data.prepare.mask.TestMasks.grey;
import static org.bellows.data.prepare.mask.TestMasks.palette;
import static org.bellows.data.prepare.mask.TestMasks.pixels;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
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
import org.bellows.data.TestData;
import org.bellows.data.TestImages;
import org.bellows.data.TestSettings;
import org.bellows.data.TestTree;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.LabelMaps;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.LabelPixels;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.manifest.PixelClass;
import org.bellows.data.prepare.mask.TestMasks;
import org.bellows.data.shard.BlockReader;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.EncodedSample;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From pictures with masks to a dataset of pixel classes. */
@Tag("integration")
class MaskedPrepareTest {
  private static final String CAMVID =
      "source.pixel-classes=[sky,building,pole,road,pavement,tree,sign,fence,car,pedestrian,bicyclist]";

  private static JavaSparkContext spark;

  @TempDir Path folder;
  private Path source;

  @BeforeAll
  static void startSpark() {
    spark = TestSpark.local(2);
  }

  @AfterAll
  static void stopSpark() {
    spark.close();
  }

  @BeforeEach
  void makeSource() throws IOException {
    source = Files.createDirectories(folder.resolve("source"));
  }

  private PrepareSummary prepare(String target, String... assignments) {
    return PrepareJob.run(
        spark,
        PrepareSettings.of(TestSettings.prepare(source, folder.resolve(target), assignments)),
        progress -> {});
  }

  private List<EncodedSample> samples(PrepareSummary summary, String target, String split) {
    DatasetReader reader =
        new DatasetReader(
            new Configuration(), folder.resolve(target).toString(), summary.manifest(), split);
    List<EncodedSample> samples = new ArrayList<>();
    try (BlockReader blocks = reader.openBlocks()) {
      for (int block = 0; block < reader.blocks(); block++) {
        samples.addAll(reader.read(blocks, block));
      }
    }
    return samples;
  }

  private void copy(Path from, String to, int count) throws IOException {
    List<Path> first;
    try (Stream<Path> files = Files.list(from)) {
      first = files.sorted().limit(count).toList();
    }
    for (Path file : first) {
      TestTree.put(source, to + "/" + file.getFileName(), Files.readAllBytes(file));
    }
  }

  @Test
  void roadScenesArePreparedAsTheyLie() throws IOException {
    Path camvid = TestData.require("camvid");
    for (String part : List.of("train", "trainannot")) {
      copy(camvid.resolve(part), part, 6);
    }
    copy(camvid.resolve("val"), "val", 3);
    copy(camvid.resolve("valannot"), "valannot", 4);
    PrepareSummary summary = prepare("camvid", CAMVID, "source.mask-void=[11]");
    DatasetManifest manifest = summary.manifest();
    assertThat(manifest.formatVersion()).isEqualTo(2);
    assertThat(manifest.classes()).isEmpty();
    assertThat(manifest.pixelClasses()).hasSize(11);
    assertThat(manifest.pixelClasses().get(8)).isEqualTo(new PixelClass("car", "#400000"));
    assertThat(manifest.splits()).extracting("name").containsExactly("train", "val");
    assertThat(summary.images()).isEqualTo(9);
    assertThat(summary.passedOver()).isEqualTo(Map.of("mask without image", 1L));
    assertThat(summary.found()).isEqualTo(10);
    List<LabelPixels> counts = manifest.split("train").labelPixels();
    assertThat(counts).extracting(LabelPixels::label).contains(0, 3, 255).doesNotContain(11);
    assertThat(counts.stream().mapToLong(LabelPixels::pixels).sum()).isEqualTo(6L * 480 * 360);
    long road = 0;
    for (EncodedSample sample : samples(summary, "camvid", "train")) {
      assertThat(sample.label()).isEqualTo(EncodedSample.NO_LABEL);
      for (byte label : LabelMaps.of(sample).interleaved()) {
        assertThat(label & 0xFF).matches(value -> value < 11 || value == 255);
        road += label == 3 ? 1 : 0;
      }
    }
    assertThat(counts.get(3)).isEqualTo(new LabelPixels(3, road, 6, 6L * 480 * 360));
    assertThat(ManifestFile.read(new Configuration(), folder.resolve("camvid").toString()))
        .isEqualTo(manifest);

    assertThat(prepare("camvid", CAMVID, "source.mask-void=[11]").alreadyPrepared()).isTrue();
    assertThatThrownBy(
            () -> prepare("camvid", CAMVID, "source.mask-void=[11]", "source.mask-shift=1"))
        .isInstanceOf(BellowsException.class)
        .hasMessageContaining("a dataset of another source or other prepare settings");
    assertThatThrownBy(() -> prepare("wrong", CAMVID))
        .isInstanceOf(BellowsException.class)
        .hasMessageContaining("9 of 9 images are refused (9 BAD_MASK)")
        .hasMessageContaining("that holds a value that is no label: 11 (")
        .hasMessageContaining(
            "allowed: 0 to 10 (11 pixel classes); source.mask-void=[11] if it is void");
  }

  /** The files of which older versions changed the labels without a word. */
  @Test
  void everyMaskIsReadAsItIsMeantOrRefused() throws IOException {
    byte[] shades = {0, 0, 0, 60, 60, 60, 120, 120, 120, -76, -76, -76, -16, -16, -16, -1, -1, -1};
    Map<String, byte[]> masks =
        Map.of(
            "grey8", grey(8, 0, 1, 2, 5),
            "grey16", grey(16, 0, 1, 2, 5),
            "grey1", grey(1, 0, 1, 1, 0),
            "palette8", palette(8, shades, 0, 1, 2, 5),
            "palette4", palette(4, shades, 0, 1, 2, 5),
            "equal",
                pixels(
                    2,
                    8,
                    new int[] {0, 0, 0},
                    new int[] {1, 1, 1},
                    new int[] {2, 2, 2},
                    new int[] {5, 5, 5}),
            "alpha",
                pixels(
                    4,
                    8,
                    new int[] {0, 255},
                    new int[] {1, 255},
                    new int[] {2, 255},
                    new int[] {5, 0}),
            "jpeg", TestImages.jpeg(1, 4));
    for (Map.Entry<String, byte[]> mask : masks.entrySet()) {
      TestTree.put(source, "images/" + mask.getKey() + ".png", TestImages.png(1, 4));
      String ending = mask.getKey().equals("jpeg") ? ".jpg" : ".png";
      TestTree.put(source, "masks/" + mask.getKey() + ending, mask.getValue());
    }
    PrepareSummary summary = prepare("kinds", "data.max-bad-fraction=0.3");
    for (EncodedSample sample : samples(summary, "kinds", "train")) {
      byte[] expected =
          sample.source().contains("grey1.") ? new byte[] {0, 1, 1, 0} : new byte[] {0, 1, 2, 5};
      assertThat(LabelMaps.of(sample).interleaved()).as(sample.source()).isEqualTo(expected);
    }
    assertThat(summary.images()).isEqualTo(6);
    assertThat(summary.refused()).isEqualTo(Map.of("BAD_MASK", 2L));
    assertThat(summary.manifest().pixelClasses()).extracting(PixelClass::name).hasSize(6);
    assertThat(Files.readString(folder.resolve("kinds/quarantine.tsv")))
        .contains(
            "images/alpha.png\tBAD_MASK\thas a mask, file:%s/masks/alpha.png, that has 1 pixels that are not opaque"
                .formatted(source))
        .contains("masks/jpeg.jpg, that is a JPEG, which makes other values");
  }

  /** A few labels far apart are brightness; nobody said what they mean. */
  @Test
  void gapsBetweenLabelsAreAskedBack() throws IOException {
    TestTree.put(source, "images/a.png", TestImages.png(1, 3));
    TestTree.put(source, "masks/a.png", grey(8, 0, 60, 120));
    assertThatThrownBy(() -> prepare("gaps"))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "the masks hold the labels 0, 60, 120: 3 of 0 to 120; expected labels without such"
                + " gaps: set source.mask-values=[0, 60, 120] if these are the classes in their"
                + " order, or source.pixel-classes to the names of all");
    PrepareSummary summary = prepare("listed", "source.mask-values=[0,60,120]");
    assertThat(LabelMaps.of(samples(summary, "listed", "train").get(0)).interleaved())
        .containsExactly(0, 1, 2);
  }

  /** The folders have other names than the usual ones. */
  @Test
  void picturesAndMasksAreNotPreparedAsTwoClasses() throws IOException {
    TestTree.put(source, "image/a.png", TestImages.png(2, 3));
    TestTree.put(source, "label/a.png", TestMasks.plain(2, 3, 1));
    PrepareSettings settings =
        PrepareSettings.of(
            TestSettings.prepare(
                source, folder.resolve("tree"), "source.pixel-classes=[sky,road,tree]"));
    assertThatThrownBy(() -> PrepareJob.check(new Configuration(), settings))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "source.pixel-classes names 3 classes of pixels for source file:%s, but it is read as tree, which has no masks; name the folders of pictures and masks by source.image-folder and source.mask-folder"
                .formatted(source));
  }

  /** A manifest of masks needs no labels; its classes.txt is of pixels. */
  @Test
  void aManifestMayHaveMasksInPlaceOfLabels() throws IOException {
    for (int i = 0; i < 3; i++) {
      TestTree.put(source, i + ".png", TestImages.png(2, 3));
      TestTree.put(source, i + "_m.png", TestMasks.plain(2, 3, i));
    }
    Files.writeString(source.resolve("classes.txt"), "sky\nroad\ntree\ncar\n");
    Files.writeString(
        source.resolve("manifest.csv"),
        "path,mask,split\n0.png,0_m.png,train\n1.png,1_m.png,test\n2.png,2_m.png,\n1.png,,\n");
    PrepareSummary summary = prepare("csv", "data.max-bad-fraction=0.3");
    assertThat(summary.manifest().classes()).isEmpty();
    assertThat(summary.manifest().pixelClasses())
        .extracting(PixelClass::name)
        .containsExactly("sky", "road", "tree", "car");
    assertThat(summary.manifest().split("test").labelPixels())
        .containsExactly(new LabelPixels(1, 6, 1, 6));
    assertThat(Files.readString(folder.resolve("csv/quarantine.tsv")))
        .contains("manifest.csv#5\tBAD_ROW\trow 5 has no mask");
    Files.writeString(source.resolve("manifest.csv"), "path,label\n0.png,a\n1.png,b\n");
    assertThatThrownBy(() -> prepare("labels", "source.pixel-classes=[sky,road]"))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "source.pixel-classes names 2 classes of pixels for source file:%s/manifest.csv, but no row of it has a mask (column mask)"
                .formatted(source));
    Files.delete(source.resolve("manifest.csv"));
    Files.writeString(
        source.resolve("manifest.jsonl"),
        "{\"path\": \"0.png\", \"mask\": \"0_m.png\"}\n{\"path\": \"1.png\", \"label\": \"a\"}\n");
    assertThatThrownBy(() -> prepare("mixed"))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "source file:%s/manifest.jsonl has images with a label, and others with a mask and no label, expected one of the two"
                .formatted(source));
  }

  /**
   * What names its pictures as the folder does is the same dataset to the bit; rows and archives
   * that have them inside name them otherwise, and have the same pictures, masks and counts.
   */
  @Test
  void masksOfTablesAndArchivesAreThoseOfFolders() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message row { required binary path (UTF8); optional binary of (UTF8); optional group"
                + " truth { optional binary bytes; } required binary image; }");
    TarBytes tar = new TarBytes();
    List<Group> rows = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      byte[] image = TestImages.png(3, 4 + i);
      byte[] mask = TestMasks.plain(3, 4 + i, i);
      TestTree.put(source, "images/" + i + ".png", image);
      TestTree.put(source, "masks/" + i + ".png", mask);
      tar.file(i + ".png", image).file(i + ".seg.png", mask);
      Group row = new SimpleGroupFactory(schema).newGroup();
      row.append("path", "images/" + i + ".png").append("of", "masks/" + i + ".png");
      row.addGroup("truth").append("bytes", Binary.fromConstantByteArray(mask));
      rows.add(row.append("image", Binary.fromConstantByteArray(image)));
    }
    String classes = "source.pixel-classes=[sky,road,tree,car]";
    PrepareSummary folders = prepare("pairs", classes);
    assertThat(folders.images()).isEqualTo(4);
    assertThatThrownBy(() -> prepare("column", classes, "source.mask-column=seg"))
        .hasMessageContaining("source.mask-column is seg, but source file:" + source)
        .hasMessageContaining("is read as pairs; allowed: csv, jsonl, parquet, spark");
    writeParquet(source.resolve("table.parquet"), schema, rows);
    PrepareSummary paths =
        prepare(
            "paths",
            classes,
            "source.format=parquet",
            "source.image-column=path",
            "source.mask-column=of");
    assertThat(ManifestFile.sha256(paths.manifest()))
        .isEqualTo(ManifestFile.sha256(folders.manifest()));
    PrepareSummary carried =
        prepare("carried", classes, "source.format=parquet", "source.mask-column=truth.bytes");
    assertSame(carried, "carried", folders);
    assertThat(
            prepare("struct", classes, "source.format=parquet", "source.mask-column=truth")
                .manifest()
                .split("train")
                .labelPixels())
        .isEqualTo(folders.manifest().split("train").labelPixels());
    assertThatThrownBy(
            () -> prepare("none", classes, "source.format=parquet", "source.mask-column=seg"))
        .hasMessageContaining(
            "expected a column of encoded masks, of their paths, or a struct with a field bytes"
                + " \"seg\" among them");
    assertThatThrownBy(
            () -> prepare("unsaid", classes, "source.format=parquet", "source.label-column=path"))
        .hasMessageContaining("source.mask-column does not say where its masks are");
    source = Files.createDirectories(folder.resolve("shards"));
    TestTree.put(source, "a.tar", tar.end());
    assertThatThrownBy(() -> prepare("typo", "source.mask-column=sge"))
        .hasMessage(
            "source.mask-column is sge, but no row of source file:%s, which is read as webdataset, has a mask there"
                .formatted(source));
    PrepareSummary shards = prepare("tar", classes, "source.mask-column=seg");
    assertSame(shards, "tar", folders);
    Files.delete(source.resolve("a.tar"));
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(source.resolve("a.tgz")))) {
      out.write(tar.end());
    }
    assertThat(ManifestFile.sha256(prepare("tgz", classes, "source.mask-column=seg").manifest()))
        .isEqualTo(ManifestFile.sha256(shards.manifest()));
  }

  private void assertSame(PrepareSummary found, String target, PrepareSummary folders) {
    assertThat(found.manifest().split("train").labelPixels())
        .isEqualTo(folders.manifest().split("train").labelPixels());
    assertThat(found.manifest().pixelClasses()).isEqualTo(folders.manifest().pixelClasses());
    assertThat(samples(found, target, "train"))
        .extracting(EncodedSample::image, EncodedSample::mask)
        .containsExactlyInAnyOrderElementsOf(
            samples(folders, "pairs", "train").stream()
                .map(sample -> tuple(sample.image(), sample.mask()))
                .toList());
  }

  private static void writeParquet(Path file, MessageType schema, List<Group> rows)
      throws IOException {
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(schema)
            .build()) {
      for (Group row : rows) {
        writer.write(row);
      }
    }
  }

  /** The stored left third is white, and so the mask says; all eight ways to turn it. */
  @Test
  void aTurnedPictureAndItsMaskStayTogether() throws IOException {
    BufferedImage image = new BufferedImage(48, 24, BufferedImage.TYPE_INT_RGB);
    int[][][] stored = new int[24][48][1];
    for (int y = 0; y < 24; y++) {
      for (int x = 0; x < 16; x++) {
        image.setRGB(x, y, 0xFFFFFF);
        stored[y][x][0] = 1;
      }
    }
    byte[] mask = TestMasks.png(TestMasks.GREY, 1, stored, null);
    for (int orientation = 1; orientation <= 8; orientation++) {
      byte[] jpeg = TestImages.oriented(TestImages.jpeg(image, false), orientation);
      TestTree.put(source, "images/" + orientation + ".jpg", jpeg);
      TestTree.put(source, "masks/" + orientation + ".png", mask);
    }
    PrepareSummary turned = prepare("stored", "source.mask-orientation=stored");
    assertThat(turned.images()).isEqualTo(8);
    ImageDecoder decoder = new ImageDecoder(1 << 20);
    for (EncodedSample sample : samples(turned, "stored", "train")) {
      RasterImage picture = decoder.decode(sample);
      byte[] labels = LabelMaps.of(sample).interleaved();
      for (int i = 0; i < labels.length; i++) {
        boolean isWhite = (picture.interleaved()[3 * i] & 0xFF) > 127;
        assertThat(labels[i] == 1).as("%s, pixel %d", sample.source(), i).isEqualTo(isWhite);
      }
    }
    PrepareSummary unknown = prepare("unknown", "data.max-bad-fraction=0.9");
    assertThat(unknown.images()).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("unknown/quarantine.tsv")))
        .contains(
            "images/3.jpg\tBAD_MASK\tis turned or mirrored by its EXIF orientation, and nothing says whether its mask file:%s/masks/3.png is, too; set source.mask-orientation=stored"
                .formatted(source));
    // Upright masks are as the picture is displayed: those of 90 degrees are of another size here.
    PrepareSummary upright =
        prepare("upright", "source.mask-orientation=upright", "data.max-bad-fraction=0.5");
    assertThat(upright.images()).isEqualTo(4);
    assertThat(samples(upright, "upright", "train"))
        .allSatisfy(
            sample -> assertThat(LabelMaps.of(sample).interleaved()).startsWith(1).endsWith(0));
  }

  /**
   * A mask of numbers, and one of classes whose regions are objects; the one object of a picture.
   */
  @Test
  void objectsAreToldApart() throws IOException {
    TestTree.put(source, "images/p.png", TestImages.png(1, 4));
    TestTree.put(source, "masks/p.png", grey(16, 2, 0, 700, 2));
    PrepareSummary values = prepare("values", "source.mask-instances=values");
    EncodedSample sample = samples(values, "values", "train").get(0);
    assertThat(values.manifest().pixelClasses())
        .extracting(PixelClass::name)
        .containsExactly("background", "object");
    assertThat(LabelMaps.of(sample).interleaved()).containsExactly(1, 0, 1, 1);
    assertThat(LabelMaps.instances(LabelMaps.withInstances(sample))).containsExactly(2, 0, 700, 2);
    TestTree.put(source, "masks/p.png", grey(8, 1, 0, 2, 2));
    PrepareSummary regions = prepare("regions", "source.mask-instances=components");
    sample = samples(regions, "regions", "train").get(0);
    assertThat(LabelMaps.of(sample).interleaved()).containsExactly(1, 0, 2, 2);
    assertThat(LabelMaps.instances(LabelMaps.withInstances(sample))).containsExactly(1, 0, 2, 2);
    TestTree.put(source, "masks/p.png", grey(8, 0, 0, 255, 0));
    PrepareSummary one = prepare("one", "source.mask-files=instances");
    assertThat(LabelMaps.of(samples(one, "one", "train").get(0)).interleaved())
        .containsExactly(0, 0, 1, 0);
  }

  /** Two objects of one picture; as classes they are named after their files. */
  @Test
  void aFolderAPictureMayHoldSeveralMasks() throws IOException {
    TestTree.put(source, "p/images/p.png", TestImages.png(1, 4));
    TestTree.put(source, "p/masks/a_car.png", grey(8, 255, 0, 0, 0));
    TestTree.put(source, "p/masks/b_tree.png", grey(8, 0, 0, 255, 255));
    PrepareSummary objects = prepare("objects", "source.mask-files=instances");
    assertThat(LabelMaps.of(samples(objects, "objects", "train").get(0)).interleaved())
        .containsExactly(1, 0, 1, 1);
    assertThat(objects.manifest().instances()).isFalse();
    PrepareSummary numbered =
        prepare("numbered", "source.mask-files=instances", "source.mask-instances=files");
    assertThat(numbered.manifest().instances()).isTrue();
    EncodedSample sample = samples(numbered, "numbered", "train").get(0);
    assertThat(LabelMaps.of(sample).interleaved()).containsExactly(1, 0, 1, 1);
    assertThat(LabelMaps.instances(LabelMaps.withInstances(sample))).containsExactly(1, 0, 2, 2);
    assertThat(numbered.manifest().split("train").labelPixels())
        .isEqualTo(objects.manifest().split("train").labelPixels());
    PrepareSummary classes = prepare("classes", "source.pixel-classes=[ground,tree,car]");
    assertThat(LabelMaps.of(samples(classes, "classes", "train").get(0)).interleaved())
        .containsExactly(2, 0, 1, 1);
  }
}
