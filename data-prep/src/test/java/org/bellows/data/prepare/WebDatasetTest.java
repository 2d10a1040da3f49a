// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bellows.conf.SourceSettings.Format;
import org.bellows.data.TestImages;
import org.bellows.data.TestTree;
import org.bellows.data.prepare.listing.TestListing;
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
            "train a.tar:4.jpg has a json that has 1.5 in its label, expected text or whole numbers",
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
  void compressedShardsAreRefusedInASentence() throws IOException {
    TestTree.put(folder, "a.tar.gz", new byte[] {0x1f, (byte) 0x8b});
    assertThatThrownBy(this::find)
        .hasMessage(
            "file:%s/a.tar.gz is compressed and cannot be read by position; decompress it to a .tar first"
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
