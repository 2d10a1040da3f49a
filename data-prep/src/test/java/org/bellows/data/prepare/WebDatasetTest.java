// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.bellows.conf.SourceSettings.Format;
import org.bellows.data.TestImages;
import org.bellows.data.TestSettings;
import org.bellows.data.TestTree;
import org.bellows.data.prepare.listing.TestListing;
import org.bellows.data.prepare.source.part.ItemContent.EncodedBytes;
import org.bellows.data.prepare.source.part.ItemContent.FileRange;
import org.bellows.data.prepare.source.part.Source;
import org.bellows.data.prepare.source.part.SourceItem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards of WebDataset, written byte by byte. */
class WebDatasetTest {
  private static final byte[] IMAGE = TestImages.jpeg(9, 7);

  @TempDir Path folder;

  private Source find(String... assignments) {
    return TestListing.find(
        Stream.concat(Stream.of("source.path=" + folder), Stream.of(assignments))
            .toArray(String[]::new));
  }

  private List<String> items(String... assignments) {
    return TestListing.lines(find(assignments));
  }

  private void shard(String name, TarBytes tar) throws IOException {
    TestTree.put(folder, name, tar.end());
  }

  private static TarBytes labelled(int from, int to) {
    TarBytes tar = new TarBytes();
    for (int i = from; i < to; i++) {
      tar.file("%06d.cls".formatted(i), Integer.toString(i % 3).getBytes(UTF_8))
          .file("%06d.jpg".formatted(i), TestImages.jpeg(10 + i, 8));
    }
    return tar;
  }

  @Test
  void imagesAreReadInPlaceWithTheLabelsBesideThem() throws IOException {
    shard("imagenet-train-000000.tar", labelled(0, 4));
    shard("imagenet-train-000001.tar", labelled(4, 6));
    shard("imagenet-val-000000.tar", labelled(6, 7));
    Files.writeString(folder.resolve("classes.txt"), "cat\ndog\nemu\n");
    Files.writeString(folder.resolve("README.md"), "seven pictures");
    Source source = find();
    assertThat(source.format()).isEqualTo(Format.WEBDATASET);
    assertThat(items())
        .startsWith(
            "train imagenet-train-000000.tar:000000.jpg 0",
            "train imagenet-train-000000.tar:000001.jpg 1")
        .endsWith("val imagenet-val-000000.tar:000006.jpg 0")
        .hasSize(7);
    assertThat(TestListing.classes(source)).containsExactly("cat", "dog", "emu");
    assertThat(TestListing.listing(source).passedOver()).containsOnly(Map.entry(".md", 1L));
    FileRange fifth = (FileRange) TestListing.items(source).get(4).content();
    byte[] shard = Files.readAllBytes(folder.resolve("imagenet-train-000001.tar"));
    assertThat(
            Arrays.copyOfRange(shard, (int) fifth.offset(), (int) (fifth.offset() + fifth.bytes())))
        .as("bytes of the fifth image")
        .isEqualTo(TestImages.jpeg(14, 8));
  }

  @Test
  void aFolderOfShardsIsASplit() throws IOException {
    shard("train/00000.tar", labelled(0, 2));
    shard("validation/00000.tar", labelled(3, 4));
    Files.writeString(folder.resolve("validation/notes.txt"), "x");
    assertThat(find().format()).isEqualTo(Format.WEBDATASET);
    assertThat(items())
        .containsExactly(
            "train train/00000.tar:000000.jpg 0",
            "train train/00000.tar:000001.jpg 1",
            "validation validation/00000.tar:000003.jpg 0");
    assertThat(TestListing.listing(find()).passedOver()).containsOnly(Map.entry(".txt", 1L));
  }

  @Test
  void shardsWithoutASplitInTheirNameAreOfTheDefaultSplit() throws IOException {
    shard("part-0.tar", labelled(0, 1));
    assertThat(items("source.default-split=pool")).containsExactly("pool part-0.tar:000000.jpg 0");
  }

  @Test
  void labelsMayBeInAnObject() throws IOException {
    shard(
        "a.tar",
        new TarBytes()
            .file("x/1.json", "{\"label\": 2, \"caption\": [1]}".getBytes(UTF_8))
            .file("x/1.PNG", IMAGE)
            .file("x/2.jpg", IMAGE)
            .file("x/2.json", "{\"label\": \"7\"}".getBytes(UTF_8))
            .file("x/2.txt", "a caption".getBytes(UTF_8))
            .file("x/3.jpg", IMAGE)
            .file("x/3.json", "{\"label\": 1.5}".getBytes(UTF_8))
            .file("x/4.jpg", IMAGE)
            .file("x/4.json", "{\"kind\": 3}".getBytes(UTF_8)));
    assertThat(items())
        .containsExactly(
            "train a.tar:x/1.png 2",
            "train a.tar:x/2.jpg 7",
            "train a.tar:x/3.jpg has a json that has 1.5 as label, expected text or a whole number",
            "train a.tar:x/4.jpg has no cls, and no label in its json");
    assertThat(items("source.label-column=kind")).contains("train a.tar:x/4.jpg 3");
  }

  @Test
  void aSampleMayHaveSeveralLabels() throws IOException {
    shard(
        "a.tar",
        new TarBytes()
            .file("1.json", "{\"label\": [2, 7, 2], \"caption\": [1]}".getBytes(UTF_8))
            .file("1.jpg", IMAGE)
            .file("2.jpg", IMAGE)
            .file("2.cls", "7,3".getBytes(UTF_8))
            .file("3.jpg", IMAGE)
            .file("3.json", "{\"label\": []}".getBytes(UTF_8))
            .file("4.jpg", IMAGE)
            .file("4.json", "{\"label\": [1.5]}".getBytes(UTF_8))
            .file("5.jpg", IMAGE)
            .file("5.json", "{\"label\": null}".getBytes(UTF_8)));
    assertThat(items("source.labels=multiple", "source.label-separator=,"))
        .containsExactly(
            "train a.tar:1.jpg 2\n7",
            "train a.tar:2.jpg 3\n7",
            "train a.tar:3.jpg ",
            "train a.tar:4.jpg has a json that has 1.5 in its label, expected text or whole"
                + " numbers",
            "train a.tar:5.jpg has no cls, and no label in its json");
  }

  @Test
  void noLabelNeedBeThereWhereNoneIsAskedFor() throws IOException {
    byte[] text = "a caption".getBytes(UTF_8);
    shard("a.tar", new TarBytes().file("1.jpg", IMAGE).file("1.txt", text).file("2.jpg", IMAGE));
    assertThat(TestListing.lines(TestListing.findWithoutLabels("source.path=" + folder)))
        .containsExactly("train a.tar:1.jpg null", "train a.tar:2.jpg null");
  }

  @Test
  void whatIsNoSampleIsNamed() throws IOException {
    byte[] one = "1".getBytes(UTF_8);
    shard(
        "a.tar",
        new TarBytes()
            .file("README", one)
            .file("._1.jpg", one)
            .file("1.left.jpg", IMAGE)
            .file("1.cls", one)
            .file("2.jpg", IMAGE)
            .file("2.png", IMAGE)
            .file("2.cls", one)
            .file("3.jpg", IMAGE)
            .file("3.txt", one)
            .file("4.jpg", IMAGE)
            .file("4.cls", new byte[] {(byte) 0xE4})
            .file("5.jpg", IMAGE)
            .file("5.cls", "\n".getBytes(UTF_8))
            .file("6.jpg", IMAGE)
            .file("6.cls", one)
            .special("7.jpg", '2'));
    assertThat(items())
        .containsExactly(
            "train a.tar:2.jpg has the images jpg and png, expected one (source.image-column says"
                + " which)",
            "train a.tar:3.jpg has the fields jpg and txt, expected cls or json",
            "train a.tar:4.jpg has a cls that is not UTF-8: byte 0xE4 at its beginning",
            "train a.tar:5.jpg has an empty cls",
            "train a.tar:6.jpg 1",
            "train a.tar:7.jpg is a symbolic link, expected a file");
    assertThat(TestListing.listing(find()).passedOver())
        .containsOnly(
            Map.entry("hidden", 1L),
            Map.entry("no ending", 1L),
            Map.entry("sample without image", 1L));
    assertThat(TestListing.items(find("source.image-column=left.jpg")))
        .extracting(SourceItem::path)
        .contains("a.tar:1.left.jpg");
  }

  /** Two samples of one key follow each other where shards were joined. */
  @Test
  void aFieldThatComesAgainBeginsAnotherSample() throws IOException {
    shard(
        "a.tar",
        new TarBytes()
            .file("1.cls", "0".getBytes(UTF_8))
            .file("1.jpg", IMAGE)
            .file("1.cls", "1".getBytes(UTF_8))
            .file("1.jpg", IMAGE));
    assertThat(items()).containsExactly("train a.tar:1.jpg 0", "train a.tar:1.jpg 1");
  }

  @Test
  void aFieldMayBeTheMask() throws IOException {
    byte[] mask = TestImages.png(9, 7);
    shard(
        "a.tar",
        new TarBytes()
            .file("1.jpg", IMAGE)
            .file("1.mask.png", mask)
            .file("2.jpg", IMAGE)
            .file("2.mask", mask)
            .file("2.txt", mask)
            .file("3.jpg", IMAGE)
            .file("4.png", IMAGE)
            .file("4.jpg", IMAGE)
            .file("4.mask.png", mask));
    List<SourceItem> items = TestListing.items(find("source.mask-column=MASK"));
    assertThat(TestListing.lines(find("source.mask-column=mask")))
        .containsExactly(
            "train a.tar:1.jpg null",
            "train a.tar:2.jpg null",
            "train a.tar:3.jpg has the fields jpg, expected mask",
            "train a.tar:4.jpg has the images jpg and png, expected one (source.image-column says"
                + " which)");
    FileRange range = (FileRange) items.get(0).masks().get(0).content();
    byte[] shard = Files.readAllBytes(folder.resolve("a.tar"));
    assertThat(
            Arrays.copyOfRange(shard, (int) range.offset(), (int) (range.offset() + range.bytes())))
        .isEqualTo(mask);
    assertThat(items.get(1).masks().get(0).name()).isEqualTo("a.tar:2.mask");
    assertThat(items.get(0).masks().get(0).bytes()).isEqualTo(mask.length);
    // The one that is the mask is no candidate for the image.
    assertThat(TestListing.lines(find("source.mask-column=png")))
        .contains("train a.tar:4.jpg null");
  }

  /** Only a mask is another one. */
  @Test
  void aListingNoticesAnotherMask() throws IOException {
    List<String> found = new ArrayList<>();
    for (int width : new int[] {9, 90}) {
      byte[] mask = TestImages.png(width, 7);
      shard("a.tar", new TarBytes().file("1.jpg", IMAGE).file("1.mask.png", mask));
      found.add(fingerprint("source.mask-column=mask"));
    }
    assertThat(found.get(0)).isNotEqualTo(found.get(1));
  }

  @Test
  void aCompressedShardHoldsTheSamplesOfThePlainOne() throws IOException {
    byte[] plain = labelled(0, 3).end();
    TestTree.put(folder, "a.tar", plain);
    List<SourceItem> expected = TestListing.items(find());
    String fingerprint = listed();
    Files.delete(folder.resolve("a.tar"));
    for (String name : List.of("a.tar.gz", "a.tgz", "a.tar.zst")) {
      TestTree.put(folder, name, compressed(name, plain));
      Source source = find();
      assertThat(source.format()).isEqualTo(Format.WEBDATASET);
      assertThat(source.carriesContent()).isTrue();
      assertThat(listed()).as(name).isEqualTo(fingerprint);
      List<SourceItem> items = TestListing.items(source);
      assertThat(items)
          .extracting(SourceItem::path)
          .isEqualTo(List.of("a.tar:000000.jpg", "a.tar:000001.jpg", "a.tar:000002.jpg"));
      for (int i = 0; i < items.size(); i++) {
        FileRange range = (FileRange) expected.get(i).content();
        assertThat(((EncodedBytes) items.get(i).content()).bytes())
            .isEqualTo(
                Arrays.copyOfRange(
                    plain, (int) range.offset(), (int) (range.offset() + range.bytes())));
        assertThat(items.get(i).bytes()).isEqualTo(range.bytes());
      }
      Files.delete(folder.resolve(name));
    }
  }

  private String listed() {
    return fingerprint();
  }

  private String fingerprint(String... assignments) {
    Source source = find(assignments);
    return TestListing.listing(source).fingerprint(source, TestSettings.of().prepare(), 1, "");
  }

  private static byte[] compressed(String name, byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        name.endsWith("zst") ? new ZstdOutputStream(bytes) : new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  @Test
  void aDamagedCompressedShardLosesNothingBeforeTheDamage() throws IOException {
    byte[] plain = labelled(0, 3).end();
    for (String name : List.of("a.tar.gz", "a.tar.zst")) {
      byte[] whole = compressed(name, plain);
      TestTree.put(folder, name, Arrays.copyOf(whole, whole.length - 4));
      assertThat(items().get(items().size() - 1))
          .as(name)
          .startsWith("train a.tar")
          .contains(name.endsWith("gz") ? "is cut off" : "cannot be decompressed: ")
          .contains("the rest of the archive is not read");
      byte[] other = whole.clone();
      other[1] ^= 0x55;
      TestTree.put(folder, name, other);
      assertThat(items())
          .as(name)
          .hasSize(1)
          .first()
          .asString()
          .contains("cannot be decompressed: ");
      Files.delete(folder.resolve(name));
    }
    // The second image, cut in the middle of its content, is not found: its sample is without one.
    TarBytes tar = new TarBytes().file("1.jpg", IMAGE).file("1.cls", new byte[] {'0'});
    byte[] cut = tar.file("2.cls", new byte[] {'0'}).file("2.jpg", new byte[4000]).end();
    TestTree.put(folder, "b.tgz", compressed("b.tgz", Arrays.copyOf(cut, cut.length - 4000)));
    assertThat(items())
        .containsExactly(
            "train b.tar:1.jpg 0",
            "train b.tar@3584 is cut off (header at byte 3584); the rest of the archive is not"
                + " read");
  }

  /** 80 MiB of nothing in some kilobytes. */
  @Test
  void aShardThatDecompressesWithoutMeasureIsRefused() throws IOException {
    TarBytes tar = new TarBytes().file("1.jpg", IMAGE).file("1.cls", new byte[] {'0'});
    byte[] bomb = tar.file("2.txt", new byte[80 << 20]).end();
    TestTree.put(folder, "a.tar.zst", compressed("a.tar.zst", bomb));
    assertThat(items())
        .hasSize(2)
        .startsWith("train a.tar:1.jpg 0")
        .last()
        .asString()
        .contains("decompresses to more than")
        .contains("256 times its own length and 64 MiB; decompress it to a .tar if that is right");
  }

  @Test
  void shardsThatCannotBeReadAreRefusedInASentence() throws IOException {
    TestTree.put(folder, "a.tar.xz", new byte[] {0x1f, (byte) 0x8b});
    assertThatThrownBy(this::find)
        .hasMessage(
            "file:%s/a.tar.xz is compressed in a way that is not read; decompress it to a .tar, or compress it as .tar.gz or .tar.zst"
                .formatted(folder));
    Files.delete(folder.resolve("a.tar.xz"));
    shard("a.tar", labelled(0, 1));
    TestTree.put(folder, "a.tgz", new byte[] {0x1f, (byte) 0x8b});
    assertThatThrownBy(this::find)
        .hasMessage(
            "source file:%s holds a.tar twice, once compressed; remove one of the two"
                .formatted(folder));
  }

  @Test
  void aShardThatIsCutOffLosesNothingBeforeTheCut() throws IOException {
    byte[] whole = labelled(0, 3).end();
    TestTree.put(folder, "a.tar", Arrays.copyOf(whole, whole.length - 2048));
    assertThat(items())
        .hasSize(3)
        .startsWith("train a.tar:000000.jpg 0", "train a.tar:000001.jpg 1")
        .last()
        .asString()
        .contains("the rest of the archive is not read");
  }
}
