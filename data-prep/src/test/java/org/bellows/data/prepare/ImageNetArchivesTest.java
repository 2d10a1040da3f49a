// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.BellowsException;
import org.bellows.conf.SourceSettings.Format;
import org.bellows.conf.part.PrepareSettings;
import org.bellows.data.TestImages;
import org.bellows.data.TestSettings;
import org.bellows.data.TestTree;
import org.bellows.data.manifest.Split;
import org.bellows.data.prepare.listing.TestListing;
import org.bellows.data.prepare.source.part.Source;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.random.SampleRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives laid out as ILSVRC2012's, small; and archives that somebody means ill with. */
@Tag("integration")
class ImageNetArchivesTest {
  private static final List<String> WNIDS = List.of("n01440764", "n01443537", "n02119789");
  private static JavaSparkContext spark;

  @TempDir Path folder;

  @BeforeAll
  static void startSpark() {
    spark = TestSpark.local(2);
  }

  @AfterAll
  static void stopSpark() {
    spark.close();
  }

  private static byte[] image(String wnid, int number) {
    return TestImages.jpeg(20 + number, 20 + WNIDS.indexOf(wnid) * 7);
  }

  private static byte[] classArchive(String wnid) {
    TarBytes tar = new TarBytes();
    for (int i = 0; i < 6; i++) {
      tar.file(wnid + "_" + i + ".JPEG", image(wnid, i));
    }
    return tar.end();
  }

  private static String validationName(int number) {
    return "ILSVRC2012_val_%08d.JPEG".formatted(number);
  }

  /** 3 classes of 6 images, 5 validation images whose classes go round. */
  private void writeArchives(Path root) throws IOException {
    TarBytes train = new TarBytes();
    WNIDS.forEach(wnid -> train.file(wnid + ".tar", classArchive(wnid)));
    TestTree.put(root, "ILSVRC2012_img_train.tar", train.end());
    TarBytes validation = new TarBytes();
    for (int i = 1; i <= 5; i++) {
      validation.file(validationName(i), image(WNIDS.get(i % 3), i));
    }
    TestTree.put(root, "ILSVRC2012_img_val.tar", validation.end());
    // ILSVRC's own numbers are not in the order of the WordNet ids.
    Files.writeString(root.resolve("ILSVRC2012_validation_ground_truth.txt"), "2\n1\n3\n2\n1\n");
    Files.writeString(
        root.resolve("map_clsloc.txt"),
        "n02119789 1 kit_fox\nn01443537 2 goldfish\nn01440764 3 tench\n");
    Files.writeString(
        root.resolve("LOC_synset_mapping.txt"),
        "n01440764 tench, Tinca tinca\nn01443537 goldfish, Carassius auratus\nn02119789 kit fox\n");
  }

  private void writeTree(Path root) throws IOException {
    for (String wnid : WNIDS) {
      for (int i = 0; i < 6; i++) {
        TestTree.put(root, "train/" + wnid + "/" + wnid + "_" + i + ".JPEG", image(wnid, i));
      }
    }
    for (int i = 1; i <= 5; i++) {
      String wnid = WNIDS.get(i % 3);
      TestTree.put(root, "validation/" + wnid + "/" + validationName(i), image(wnid, i));
    }
  }

  private PrepareSummary prepare(Path source, String target, String... assignments) {
    return PrepareJob.run(
        spark,
        PrepareSettings.of(TestSettings.prepare(source, folder.resolve(target), assignments)),
        progress -> {});
  }

  private static List<Split> splits(PrepareSummary summary) {
    return summary.manifest().splits();
  }

  @Test
  void archivesAndTheTreeThatTheyWouldUnpackToAreTheSameDataset() throws IOException {
    Path archives = folder.resolve("archives");
    writeArchives(archives);
    writeTree(folder.resolve("tree"));
    PrepareSummary fromArchives = prepare(archives, "from-archives");
    assertThat(fromArchives.images()).isEqualTo(23);
    assertThat(fromArchives.manifest().provenance().format()).isEqualTo("imagenet");
    assertThat(fromArchives.classes())
        .containsExactly("n01440764 tench", "n01443537 goldfish", "n02119789 kit fox");
    assertThat(splits(fromArchives)).extracting(Split::name).containsExactly("train", "validation");
    assertThat(splits(fromArchives))
        .isEqualTo(splits(prepare(folder.resolve("tree"), "from-tree")));

    // Class archives that were taken out of the outer one already.
    Path taken = folder.resolve("taken-out");
    for (String wnid : WNIDS) {
      TestTree.put(taken, "train/" + wnid + ".tar", classArchive(wnid));
    }
    Files.copy(archives.resolve("ILSVRC2012_img_val.tar"), taken.resolve("ILSVRC2012_img_val.tar"));
    Files.writeString(
        taken.resolve("val.txt"),
        Stream.of(1, 2, 3, 4, 5)
            .map(i -> validationName(i) + " " + WNIDS.get(i % 3) + "\n")
            .reduce("", String::concat));
    assertThat(TestListing.find("source.path=" + taken, "source.format=imagenet").format())
        .isEqualTo(Format.IMAGENET);
    PrepareSummary fromTaken = prepare(taken, "from-taken-out");
    assertThat(splits(fromTaken)).isEqualTo(splits(fromArchives));
    assertThat(fromTaken.classes()).isEqualTo(WNIDS);
    // Nothing was unpacked anywhere.
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(file -> file.toString().endsWith(".JPEG")))
          .allMatch(file -> file.startsWith(folder.resolve("tree")));
    }
  }

  @Test
  void saysWhatIsMissing() throws IOException {
    writeArchives(folder);
    Files.delete(folder.resolve("map_clsloc.txt"));
    assertDataError(
        "line 1 of file:%s/ILSVRC2012_validation_ground_truth.txt is \"2\", expected an ILSVRC2012 id (with ILSVRC2012_synset_ids.txt or map_clsloc.txt beside it), a WordNet id (n01440764) or an image and a WordNet id"
            .formatted(folder));
    Files.delete(folder.resolve("ILSVRC2012_validation_ground_truth.txt"));
    assertDataError(
        "source file:%s holds ILSVRC2012_img_val.tar but no ground truth: there is no ILSVRC2012_validation_ground_truth.txt or val.txt"
            .formatted(folder));
    Files.writeString(folder.resolve("val.txt"), "n01440764\nn01443537\n");
    List<SourceItem> items = TestListing.items(find());
    assertThat(items).hasSize(23).filteredOn(item -> item.refusal() != null).hasSize(3);
    assertThat(refusals(items))
        .contains(
            "ILSVRC2012_img_val.tar:ILSVRC2012_val_00000003.JPEG NO_LABEL has no label in file:%s/val.txt"
                .formatted(folder));
    TestTree.put(folder, "ILSVRC2012_img_train.tar", new byte[] {0x1f, (byte) 0x8b, 8, 0});
    assertDataError(
        "file:%s/ILSVRC2012_img_train.tar is gzipped and cannot be read by position; gunzip it first"
            .formatted(folder));
  }

  @Test
  void hostileEntriesAreRefusedByNameAndCounted() throws IOException {
    byte[] image = TestImages.jpeg(24, 24);
    String longName = "deep/".repeat(30) + "long.JPEG";
    TarBytes tar =
        new TarBytes()
            .file("good_1.JPEG", image)
            .special("link.JPEG", '2')
            .special("hard.JPEG", '1')
            .special("device.JPEG", '3')
            .special("pipe.JPEG", '6')
            .special("odd.JPEG", 'Z')
            .special("folder/", '5')
            .file("../../etc/cron.d/x.JPEG", image)
            .file("a/../../x.JPEG", image)
            .file("/etc/passwd", image)
            .file("C:\\windows\\x.JPEG", image)
            .file("a\\..\\x.JPEG", image)
            .file("bell\007.JPEG", image)
            .latinFile("K\u00E4se.JPEG", image)
            .pax("path=../from-pax.JPEG")
            .file("innocent.JPEG", image)
            .gnuLongName("/from/gnu.JPEG")
            .file("innocent.JPEG", image)
            .gnuLongName(longName)
            .file("short.JPEG", image)
            .pax("path=" + longName.replace("long", "pax"), "mtime=1.5")
            .file("short.JPEG", image)
            .file("./good_2.JPEG", image)
            .lying("negative.JPEG", TarBytes.binary(-1), image);
    byte[] archive = tar.end();
    TestTree.put(folder, "n01440764.tar", archive);
    List<SourceItem> items = TestListing.items(find());
    assertThat(items.stream().filter(item -> item.refusal() == null).map(SourceItem::path))
        .containsExactly(
            "train/n01440764/good_1.JPEG",
            "train/n01440764/long.JPEG",
            "train/n01440764/pax.JPEG",
            "train/n01440764/good_2.JPEG");
    assertThat(refusals(items))
        .containsExactly(
            "n01440764.tar:link.JPEG UNSAFE_ENTRY is a symbolic link, expected a file",
            "n01440764.tar:hard.JPEG UNSAFE_ENTRY is a hard link, expected a file",
            "n01440764.tar:device.JPEG UNSAFE_ENTRY is a device, expected a file",
            "n01440764.tar:pipe.JPEG UNSAFE_ENTRY is a named pipe, expected a file",
            "n01440764.tar:odd.JPEG UNSAFE_ENTRY is of an unknown type, 0x5a, expected a file",
            "n01440764.tar:../../etc/cron.d/x.JPEG UNSAFE_ENTRY has a path with \"..\"",
            "n01440764.tar:a/../../x.JPEG UNSAFE_ENTRY has a path with \"..\"",
            "n01440764.tar:/etc/passwd UNSAFE_ENTRY has an absolute path",
            "n01440764.tar:C:\\windows\\x.JPEG UNSAFE_ENTRY has an absolute path",
            "n01440764.tar:a\\..\\x.JPEG UNSAFE_ENTRY has a path with \"..\"",
            "n01440764.tar:bell\007.JPEG UNSAFE_ENTRY has a path that is empty or holds control"
                + " characters or backslashes",
            "n01440764.tar:K\\xE4se.JPEG UNSAFE_ENTRY has a path that is not UTF-8: byte 0xE4 after \"K\"",
            "n01440764.tar:../from-pax.JPEG UNSAFE_ENTRY has a path with \"..\"",
            "n01440764.tar:/from/gnu.JPEG UNSAFE_ENTRY has an absolute path",
            "n01440764.tar:negative.JPEG DAMAGED_ARCHIVE has a size of -1 bytes (header at byte %d); the rest of the archive is not read"
                .formatted(archive.length - 1024 - 512 - (image.length + 511) / 512 * 512));

    // Through the whole job: the good ones are in, the others stand in the quarantine file.
    PrepareSummary summary =
        prepare(folder, "../" + folder.getFileName() + "-out", "data.max-bad-fraction=0.9");
    assertThat(summary.images()).isEqualTo(4);
    assertThat(summary.refused())
        .containsEntry("UNSAFE_ENTRY", 14L)
        .containsEntry("DAMAGED_ARCHIVE", 1L);
  }

  @Test
  void damagedArchivesEndTheWalkWhereTheDamageIs() throws IOException {
    byte[] image = TestImages.jpeg(24, 24);
    int stored = 512 + (image.length + 511) / 512 * 512;
    byte[] two = new TarBytes().file("a_1.JPEG", image).file("a_2.JPEG", image).end();
    assertRefused(
        Arrays.copyOf(two, stored + 512 + 100),
        1,
        ":a_2.JPEG DAMAGED_ARCHIVE has a size of %d bytes, but the archive has only 100 left (header at byte %d)"
            .formatted(image.length, stored));
    assertRefused(
        Arrays.copyOf(two, stored + 100),
        1,
        "@%d DAMAGED_ARCHIVE is cut off: the archive ends without its end mark".formatted(stored));
    assertRefused(
        Arrays.copyOf(two, 2 * stored),
        2,
        "@%d DAMAGED_ARCHIVE is cut off: the archive ends without its end mark"
            .formatted(2 * stored));
    byte[] garbage = two.clone();
    Arrays.fill(garbage, stored, stored + 512, (byte) 'x');
    assertRefused(garbage, 1, "@%d DAMAGED_ARCHIVE is not a tar header".formatted(stored));
    byte[] flipped = two.clone();
    flipped[stored + 3] ^= 1;
    assertRefused(
        flipped, 1, "@%d DAMAGED_ARCHIVE is not a tar header: its checksum".formatted(stored));
    assertRefused(
        new TarBytes().lying("huge.JPEG", TarBytes.binary(Long.MAX_VALUE), image).end(),
        0,
        ":huge.JPEG DAMAGED_ARCHIVE has a size of 9223372036854775807 bytes, but");
    assertRefused(
        new TarBytes().lying("large.JPEG", TarBytes.octal(1L << 32), image).end(),
        0,
        ":large.JPEG DAMAGED_ARCHIVE has a size of 4294967296 bytes, but");
    assertRefused(
        new TarBytes().pax("size=-5").file("x.JPEG", image).end(),
        0,
        "@0 DAMAGED_ARCHIVE has a pax header with size -5");
    assertRefused("<html>".getBytes(US_ASCII), 0, "@0 DAMAGED_ARCHIVE is cut off");
    assertRefused(new byte[0], 0, "@0 DAMAGED_ARCHIVE is cut off");
  }

  /** Whatever is done to an archive, listing it ends, and what it lists lies inside it. */
  @Test
  void mutatedArchivesNeitherHangNorCrash() throws IOException {
    byte[] image = TestImages.jpeg(16, 16);
    TarBytes tar = new TarBytes();
    for (int i = 0; i < 8; i++) {
      tar.pax("path=p" + i + ".JPEG").file("a_" + i + ".JPEG", image);
    }
    byte[] whole = tar.end();
    SampleRandom random = new SampleRandom(7);
    for (int round = 0; round < 200; round++) {
      byte[] mutant =
          Arrays.copyOf(whole, round % 3 == 0 ? random.nextInt(whole.length) : whole.length);
      for (int change = 0; change < 1 + round % 5 && mutant.length > 0; change++) {
        // Mostly in headers, where it matters.
        int block = random.nextInt(mutant.length) / 512 * 512;
        mutant[Math.min(mutant.length - 1, block + random.nextInt(512))] = (byte) random.nextLong();
      }
      Files.write(folder.resolve("n01440764.tar"), mutant);
      for (SourceItem item : TestListing.items(find())) {
        assertThat(item.bytes()).isBetween(0L, (long) mutant.length);
      }
    }
  }

  private void assertRefused(byte[] archive, int good, String refusal) throws IOException {
    Files.write(folder.resolve("n01440764.tar"), archive);
    List<SourceItem> items = TestListing.items(find());
    assertThat(items).hasSize(good + 1);
    assertThat(refusals(items)).singleElement().asString().startsWith("n01440764.tar" + refusal);
  }

  private static List<String> refusals(List<SourceItem> items) {
    return items.stream()
        .filter(item -> item.refusal() != null)
        .map(item -> item.path() + " " + item.refusal().kind() + " " + item.refusal().reason())
        .toList();
  }

  private Source find() {
    return TestListing.find("source.path=" + folder, "source.format=imagenet");
  }

  private void assertDataError(String message) {
    assertThatThrownBy(() -> TestListing.items(find()))
        .isInstanceOf(BellowsException.class)
        .hasMessage(message);
  }
}
