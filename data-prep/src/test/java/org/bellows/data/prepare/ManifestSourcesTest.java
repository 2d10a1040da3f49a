// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.BellowsException;
import org.bellows.conf.part.PrepareSettings;
import org.bellows.data.TestData;
import org.bellows.data.TestImages;
import org.bellows.data.TestSettings;
import org.bellows.data.TestTree;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.LabelPixels;
import org.bellows.data.manifest.PixelClass;
import org.bellows.data.manifest.Split;
import org.bellows.data.prepare.image.SampleReader;
import org.bellows.data.prepare.listing.TestListing;
import org.bellows.data.prepare.source.part.ItemContent.WholeFile;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.shard.BlockReader;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;
import org.bellows.data.shard.MaskCounts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CSV and JSON-lines manifests, with what people really write into them. */
@Tag("integration")
class ManifestSourcesTest {
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
  void writeImages() throws IOException {
    source = folder.resolve("source");
    for (int i = 0; i < 6; i++) {
      TestTree.put(source, "images/" + i + ".jpg", TestImages.jpeg(20 + i, 30));
    }
    TestTree.put(source, "images/a, b \"c\".jpg", TestImages.jpeg(30, 30));
  }

  @Test
  void csvAndJsonLinesOfTheSameImagesAreTheSameDataset() throws IOException {
    String absolute = source.resolve("images/5.jpg").toUri().toString();
    Files.writeString(
        source.resolve("manifest.csv"),
        """
        \uFEFFpath,label,split
        images/0.jpg,cat,train
        images/1.jpg,dog,train

        images/2.jpg,cat,val
        images/3.jpg,dog,
        "images/a, b ""c"".jpg",cat,train
        %s,dog,val
        """
            .formatted(absolute));
    PrepareSummary fromCsv = prepare(source, "from-csv");
    assertThat(fromCsv.images()).isEqualTo(6);
    assertThat(fromCsv.classes()).containsExactly("cat", "dog");
    assertThat(fromCsv.manifest().splits()).extracting(Split::samples).containsExactly(4L, 2L);

    Path lines = source.resolve("other-name.jsonl");
    Files.writeString(
        lines,
        """
        {"path": "images/0.jpg", "label": "cat", "split": "train"}
        {"split": "train", "label": "dog", "path": "images/1.jpg", "comment": {"x": 1}}
        {"path": "images/2.jpg", "label": "cat", "split": "val"}
        {"path": "images/3.jpg", "label": "dog"}
        {"path": "images/a, b \\"c\\".jpg", "label": "cat"}

        {"path": "%s", "label": "dog", "split": "val"}
        """
            .formatted(absolute));
    PrepareSummary fromJson = prepare(lines, "from-jsonl");
    assertThat(fromJson.manifest().provenance().format()).isEqualTo("jsonl");
    assertThat(fromJson.manifest().splits()).isEqualTo(fromCsv.manifest().splits());
  }

  @Test
  void aPictureMayHaveAnyNumberOfLabels() throws IOException {
    Files.writeString(
        source.resolve("manifest.csv"),
        """
        path,label,split
        images/0.jpg,cat,train
        images/1.jpg,dog| cat,train
        images/2.jpg,,train
        images/3.jpg,dog,val
        """);
    String several = "source.labels=multiple";
    PrepareSummary fromCsv = prepare(source, "from-csv", several);
    DatasetManifest manifest = fromCsv.manifest();
    assertThat(manifest.multiLabel()).isTrue();
    assertThat(fromCsv.classes()).containsExactly("cat", "dog");
    Map<String, List<Integer>> labels = new TreeMap<>();
    DatasetReader dataset =
        new DatasetReader(
            new Configuration(), folder.resolve("from-csv").toString(), manifest, "train");
    try (BlockReader blocks = dataset.openBlocks()) {
      dataset
          .read(blocks, 0)
          .forEach(
              sample ->
                  labels.put(sample.source(), IntStream.of(sample.labels()).boxed().toList()));
    }
    assertThat(labels)
        .isEqualTo(
            Map.of(
                "images/0.jpg", List.of(0),
                "images/1.jpg", List.of(0, 1),
                "images/2.jpg", List.of()));
    Path lines = source.resolve("lists.jsonl");
    Files.writeString(
        lines,
        """
        {"path": "images/0.jpg", "label": "cat"}
        {"path": "images/1.jpg", "label": ["dog", "cat", "dog"]}
        {"path": "images/2.jpg", "label": []}
        {"path": "images/3.jpg", "label": ["dog"], "split": "val"}
        """);
    assertThat(prepare(lines, "from-jsonl", several).manifest().splits())
        .isEqualTo(manifest.splits());
    assertThatThrownBy(() -> prepare(source, "single"))
        .hasMessageEndingWith("manifest.csv#4 row 4 has no label");
    Files.writeString(source.resolve("manifest.csv"), "path,label\nimages/0.jpg,\n");
    assertThatThrownBy(() -> prepare(source, "none", several))
        .hasMessage(
            "no image of source file:%s has a label, and there is no classes.txt that names classes"
                .formatted(source.resolve("manifest.csv")));
  }

  @Test
  void badRowsAreRefusedByNumber() throws IOException {
    Files.writeString(
        source.resolve("manifest.csv"),
        """
        path,label,split
        images/0.jpg,cat,train
        images/nowhere.jpg,cat,train
        images/1.jpg,,train
        images/2.jpg,cat
        ,cat,train
        images,cat,train
        images/3.jpg,cat,../up
        """);
    assertThat(refusals(source))
        .containsExactly(
            "manifest.csv#3 row 3 names images/nowhere.jpg, and there is no such file",
            "manifest.csv#4 row 4 has no label",
            "manifest.csv#5 row 5 has 2 columns, expected 3 (path, label and split)",
            "manifest.csv#6 row 6 has no path",
            "manifest.csv#7 row 7 names images, which is not a file",
            "manifest.csv#8 row 8 has split \"../up\", expected letters, digits, dots and dashes");
    Path lines = source.resolve("bad.jsonl");
    Files.writeString(
        lines,
        """
        {"path": "images/0.jpg", "label": 7}
        {"path": "images/0.jpg"
        [1, 2]
        {"path": "images/1.jpg", "label": ["a"]}
        """);
    assertThat(refusals(lines))
        .hasSize(3)
        .element(0)
        .asString()
        .startsWith("bad.jsonl#2 row 2 is not JSON: Unexpected end-of-input");
    assertThat(refusals(lines))
        .contains(
            "bad.jsonl#3 row 3 is not a JSON object",
            "bad.jsonl#4 row 4 has a list as label, expected text or a whole number; source.labels = multiple takes lists");
    assertThatThrownBy(() -> prepare(source, "out"))
        .isInstanceOf(BellowsException.class)
        .hasMessageStartingWith("6 of 7 images are refused (6 BAD_ROW), more than")
        .hasMessageContaining("manifest.csv#");
    assertThat(Files.readAllLines(folder.resolve("out/quarantine.tsv"))).hasSize(7);
  }

  @Test
  void pathsMayStandInAnotherColumnWithoutFolderAndEnding() throws IOException {
    Files.writeString(source.resolve("manifest.csv"), "id,label\n0,cat\n1,dog\n7,dog\n");
    Files.writeString(source.resolve("manifest.jsonl"), "{\"id\": 0, \"label\": \"cat\"}\n");
    String[] column = {
      "source.path-column=id", "source.path-prefix=images/", "source.path-suffix=.jpg"
    };
    for (String format : List.of("csv", "jsonl")) {
      List<SourceItem> items =
          TestListing.items(
              TestListing.find(
                  "source.path=" + source,
                  "source.format=" + format,
                  column[0],
                  column[1],
                  column[2]));
      assertThat(items.get(0).path()).isEqualTo("images/0.jpg");
      assertThat(items.get(0).content())
          .isEqualTo(new WholeFile("file:" + source + "/images/0.jpg"));
      if (format.equals("csv")) {
        assertThat(items.get(2).refusal().reason())
            .isEqualTo("row 4 names images/7.jpg, and there is no such file");
      }
    }
    assertThatThrownBy(() -> TestListing.items(TestListing.find("source.path=" + source)))
        .hasMessageContaining("expected path among them (row 1 is the header)");
  }

  @Test
  void aManifestThatIsNoneFailsAtOnce() throws IOException {
    Path manifest = source.resolve("manifest.csv");
    Files.writeString(manifest, "file,class\nimages/0.jpg,cat\n");
    assertFails(
        "file:"
            + manifest
            + " has the columns file and class, expected path among them (row 1 is the header)");
    Files.writeString(manifest, "path,class\nimages/0.jpg,cat\n");
    assertThat(
            TestListing.items(
                TestListing.find("source.path=" + source, "source.label-column=class")))
        .extracting(SourceItem::label)
        .containsExactly("cat");
    Files.writeString(
        manifest, "path,label\nimages/0.jpg,cat\n\"images/1.jpg,cat\nimages/2.jpg,cat\n");
    assertFails("file:" + manifest + " is not CSV in or after line ");
    Files.writeString(manifest, "path,label\n");
    assertFails("source file:" + manifest + " holds no images");
    Files.writeString(manifest, "");
    assertFails("file:" + manifest + " has the columns none");
    Files.writeString(manifest, "path,label,split\nimages/0.jpg,a,train\nimages/1.jpg,b,val\n");
    assertFails(
        "split val of source file:" + manifest + " holds class b, which split train does not");
  }

  @Test
  void numbersAreIndicesAndAClassFileNamesThem() throws IOException {
    Files.writeString(
        source.resolve("manifest.csv"), "path,label\nimages/0.jpg,2\nimages/1.jpg,10\n");
    assertThat(TestListing.classes(TestListing.find("source.path=" + source)))
        .hasSize(11)
        .startsWith("0", "1", "2")
        .endsWith("10");
    Files.writeString(
        source.resolve("manifest.csv"), "path,label\nimages/0.jpg,b\nimages/1.jpg,a\n");
    Files.writeString(source.resolve("classes.txt"), "b\na\nc\n");
    assertThat(TestListing.classes(TestListing.find("source.path=" + source)))
        .containsExactly("b", "a", "c");
    Files.writeString(source.resolve("classes.txt"), "b\nc\n");
    PrepareSummary summary = prepare(source, "unknown-label", "data.max-bad-fraction=0.5");
    assertThat(summary.classes()).containsExactly("b", "c");
    assertThat(summary.refused()).containsEntry("BAD_LABEL", 1L);
    assertThat(folder.resolve("unknown-label/quarantine.tsv"))
        .content()
        .endsWith(
            "images/1.jpg\tBAD_LABEL\thas label \"a\", which is none of the 2 classes of file:%s/classes.txt\n"
                .formatted(source));
  }

  @Test
  void sharesOfALongManifestAreTheWhole() throws IOException {
    StringBuilder rows = new StringBuilder("path,label\n");
    for (int i = 0; i < 100_000; i++) {
      rows.append("images/")
          .append(i % 6)
          .append(".jpg,class-of-a-long-name-")
          .append(i % 3)
          .append('\n');
    }
    Files.writeString(source.resolve("manifest.csv"), rows);
    var found = TestListing.find("source.path=" + source);
    assertThat(found.parts()).hasSizeGreaterThan(2);
    assertThat(TestListing.listing(found).images()).isEqualTo(100_000);
  }

  @Test
  void masksOfRealMicrographsAreStoredAndOddOnesRefused() throws IOException {
    Path membrane = TestData.require("membrane");
    StringBuilder rows = new StringBuilder("path,label,mask\n");
    for (int i = 0; i < 8; i++) {
      rows.append(
          "%s,membrane,%s\n"
              .formatted(
                  membrane.resolve("image/" + i + ".png"),
                  membrane.resolve("label/" + i + ".png")));
    }
    Files.writeString(source.resolve("manifest.csv"), rows + "images/0.jpg,membrane,\n");
    PrepareSummary whole = prepare(source, "masks", "source.mask-values=[0,255]");
    List<EncodedSample> samples = samples(whole, "masks");
    assertThat(samples)
        .hasSize(9)
        .filteredOn(sample -> sample.mask() == null)
        .singleElement()
        .extracting(EncodedSample::source)
        .isEqualTo("images/0.jpg");
    assertThat(
            MaskCounts.of(
                new Configuration(), folder.resolve("masks").toString(), whole.manifest()))
        .isEqualTo(8);
    ImageDecoder decoder = new ImageDecoder(1 << 22);
    for (EncodedSample sample : samples) {
      if (sample.mask() != null) {
        RasterImage mask = decoder.decode(sample.mask());
        Path file = Path.of(sample.source().replace("/image/", "/label/"));
        byte[] stored = decoder.decode(Files.readAllBytes(file)).interleaved();
        for (int i = 0; i < stored.length; i++) {
          assertThat(mask.interleaved()[i]).isEqualTo((byte) (stored[i] == 0 ? 0 : 1));
        }
        assertThat(sample.image()).isEqualTo(Files.readAllBytes(Path.of(sample.source())));
      }
    }

    assertThat(whole.manifest().pixelClasses())
        .containsExactly(new PixelClass("0", "#000000"), new PixelClass("1", "#800000"));
    List<LabelPixels> counts = whole.manifest().split("train").labelPixels();
    assertThat(counts).extracting(LabelPixels::label).containsExactly(0, 1);
    assertThat(counts.get(0).pixels() + counts.get(1).pixels()).isEqualTo(8 * 512 * 512);

    PrepareSummary shrunk =
        prepare(
            source,
            "shrunk",
            "prepare.shrink-shorter-side-pixels=128",
            "source.mask-values=[0,255]");
    for (EncodedSample sample : samples(shrunk, "shrunk")) {
      if (sample.mask() != null) {
        assertThat(sample.encoding()).isEqualTo(Encoding.JPEG);
        assertThat(List.of(sample.height(), sample.width())).containsExactly(128, 128);
        RasterImage mask = decoder.decode(sample.mask());
        assertThat(mask.height()).isEqualTo(128);
        for (byte value : mask.interleaved()) {
          assertThat(value).isIn((byte) 0, (byte) 1);
        }
      } else {
        // Smaller than that already: its bytes are kept.
        assertThat(sample.height()).isEqualTo(20);
      }
    }
  }

  @Test
  void aColonInAPathIsReadAndADeviceRefused() throws IOException {
    TestTree.put(source, "im:ages/12:00.jpg", TestImages.jpeg(20, 30));
    TestTree.put(source, "m:1.png", TestImages.png(20, 29));
    Files.createSymbolicLink(source.resolve("endless.jpg"), Path.of("/dev/zero"));
    Files.writeString(
        source.resolve("manifest.csv"),
        """
        path,label,mask
        im:ages/12:00.jpg,a,
        images/0.jpg,a,m:1.png
        endless.jpg,a,
        :.jpg,a,
        """);
    PrepareSummary summary = prepare(source, "colons", "data.max-bad-fraction=0.9");
    assertThat(samples(summary, "colons"))
        .extracting(EncodedSample::source)
        .containsExactly("im:ages/12:00.jpg");
    assertThat(Files.readString(folder.resolve("colons/quarantine.tsv")))
        .contains(
            "images/0.jpg\tBAD_MASK\thas a mask, file:%s/m:1.png, that is 20 x 29, but its image 20 x 30\n"
                .formatted(source),
            "manifest.csv#4\tBAD_ROW\trow 4 names endless.jpg, which is not a file\n",
            "manifest.csv#5\tBAD_ROW\trow 5 names :.jpg, and there is no such file\n");
    Path manifest = Files.move(source.resolve("manifest.csv"), source.resolve("12:00.csv"));
    assertThat(TestListing.items(TestListing.find("source.path=" + manifest))).hasSize(4);
  }

  @Test
  void aMaskMustFitItsImage() throws IOException {
    TestTree.put(source, "small.png", TestImages.png(20, 29));
    TestTree.put(source, "cut.png", new byte[100]);
    Files.writeString(
        source.resolve("manifest.csv"),
        """
        path,label,mask
        images/0.jpg,a,small.png
        images/1.jpg,a,cut.png
        images/2.jpg,a,nowhere.png
        images/3.jpg,a,images/3.jpg
        images/4.jpg,a,
        """);
    PrepareSummary summary = prepare(source, "odd-masks", "data.max-bad-fraction=0.9");
    assertThat(summary.images()).isEqualTo(1);
    assertThat(Files.readString(folder.resolve("odd-masks/quarantine.tsv")))
        .contains(
            "images/0.jpg\tBAD_MASK\thas a mask, file:%s/small.png, that is 20 x 29, but its image 20 x 30\n"
                .formatted(source),
            "images/1.jpg\tBAD_MASK\thas a mask, file:%s/cut.png, that is neither JPEG nor PNG"
                .formatted(source),
            "images/2.jpg\tUNREADABLE\tcannot be read: ",
            "images/3.jpg\tBAD_MASK\thas a mask, file:%s/images/3.jpg, that is a JPEG, which makes other values of labels near their edges"
                .formatted(source));
  }

  /** 4 x 6 -> 2 x 3: the centre of each new pixel falls on the lower right of four old ones. */
  @Test
  void labelsAreTakenFromTheNearestPixel() {
    RasterImage labels = TestImages.counting(4, 6, 1);
    assertThat(SampleReader.nearest(labels, 2, 3).interleaved())
        .containsExactly(7, 9, 11, 19, 21, 23);
    assertThat(SampleReader.nearest(labels, 4, 6)).usingRecursiveComparison().isEqualTo(labels);
  }

  private PrepareSummary prepare(Path from, String to, String... assignments) {
    return PrepareJob.run(
        spark,
        PrepareSettings.of(TestSettings.prepare(from, folder.resolve(to), assignments)),
        progress -> {});
  }

  private List<EncodedSample> samples(PrepareSummary summary, String target) {
    DatasetReader reader =
        new DatasetReader(
            new Configuration(), folder.resolve(target).toString(), summary.manifest(), "train");
    List<EncodedSample> samples = new java.util.ArrayList<>();
    try (BlockReader blocks = reader.openBlocks()) {
      for (int block = 0; block < reader.blocks(); block++) {
        samples.addAll(reader.read(blocks, block));
      }
    }
    return samples;
  }

  private static List<String> refusals(Path from) {
    return TestListing.items(TestListing.find("source.path=" + from)).stream()
        .filter(item -> item.refusal() != null)
        .map(item -> item.path() + " " + item.refusal().reason())
        .toList();
  }

  private void assertFails(String message) {
    assertThatThrownBy(() -> TestListing.items(TestListing.find("source.path=" + source)))
        .isInstanceOf(BellowsException.class)
        .hasMessageStartingWith(message);
  }
}
