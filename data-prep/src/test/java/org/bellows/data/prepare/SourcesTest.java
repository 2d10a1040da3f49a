// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.SourceSettings.Format;
import org.bellows.data.TestImages;
import org.bellows.data.TestTree;
import org.bellows.data.prepare.listing.TestListing;
import org.bellows.data.prepare.source.part.ItemContent.RawPixels;
import org.bellows.data.prepare.source.part.Source;
import org.bellows.data.prepare.source.part.SourceItem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is recognised, and one sentence for each thing that can be wrong. */
class SourcesTest {
  @TempDir Path folder;

  @Test
  void listsTrees() throws IOException {
    TestTree.write(folder);
    Source source = list();
    assertThat(source.format()).isEqualTo(Format.TREE);
    assertThat(TestListing.classes(source)).containsExactly("cat", "dog");
    assertThat(source.splits()).containsExactly("train", "val");
    // The driver knows the class folders, tasks what is in them, and what lies beside them.
    assertThat(source.parts()).hasSize(4 + 3);
    assertThat(TestListing.items(source))
        .hasSize(50)
        .extracting(SourceItem::path)
        .contains("val/cat/0.png");
  }

  @Test
  void aFolderOfClassesNeedsNoSplits() throws IOException {
    byte[] image = TestImages.jpeg(8, 8);
    for (String path : List.of("train/1.jpg", "bus/2.png", "Auto/3.jpg", "Auto/4.jpg")) {
      TestTree.put(folder, path, image);
    }
    TestTree.put(folder, "Auto/notes.txt", image);
    TestTree.put(folder, "about.txt", image);
    assertThat(TestListing.classes(list())).containsExactly("Auto", "bus", "train");
    List<SourceItem> items = TestListing.items(list());
    assertThat(items)
        .extracting(SourceItem::path)
        .containsExactlyInAnyOrder("Auto/3.jpg", "Auto/4.jpg", "bus/2.png", "train/1.jpg");
    assertThat(items).extracting(SourceItem::split).containsOnly("train");
    assertThat(
            TestListing.items(
                TestListing.find("source.path=" + folder, "source.default-split=all")))
        .extracting(SourceItem::split)
        .containsOnly("all");
    TestTree.put(folder, "bus/deeper/1.jpg", image);
    assertDataError("file:" + folder + "/bus/deeper is a folder, expected an image");
  }

  /** Nobody's classes are called train and test. */
  @Test
  void foldersThatAreNamedAsSplitsAreSplits() throws IOException {
    byte[] image = TestImages.jpeg(8, 8);
    TestTree.put(folder, "train/1.jpg", image);
    TestTree.put(folder, "test/2.jpg", image);
    assertDataError(
        "image file:%s/test/2.jpg of source file:%s does not lie in a class folder, expected test/class/2.jpg"
            .formatted(folder, folder));
  }

  @Test
  void aTreesClassFileGivesOrderOrNamesOfNumbers() throws IOException {
    byte[] image = TestImages.jpeg(8, 8);
    TestTree.put(folder, "train/cat/1.jpg", image);
    TestTree.put(folder, "train/ant/2.jpg", image);
    Files.writeString(folder.resolve("classes.txt"), "cat\nbee\nant\n");
    assertThat(TestListing.classes(list())).containsExactly("cat", "bee", "ant");
    assertThat(TestListing.listing(list()).classes(list()).indices())
        .containsEntry("cat", 0)
        .containsEntry("ant", 2);
    Files.writeString(folder.resolve("classes.txt"), "cat\tHouse cat\nbee\tBee\nant\tAnt\n");
    assertThat(TestListing.classes(list())).containsExactly("House cat", "Bee", "Ant");
    assertThat(TestListing.listing(list()).classes(list()).indices()).containsEntry("ant", 2);
    Files.writeString(folder.resolve("classes.txt"), "cat\tHouse cat\nant\n");
    assertDataError("1 of the 2 lines of file:" + folder + "/classes.txt hold a tab");
    Files.writeString(folder.resolve("classes.txt"), "cat\tAnimal\nant\tAnimal\n");
    assertDataError("file:" + folder + "/classes.txt names \"Animal\" twice");
    Path numbers = folder.resolve("numbers");
    for (int i = 0; i < 11; i++) {
      TestTree.put(numbers, i + "/1.jpg", image);
    }
    Source numbered = TestListing.find("source.path=" + numbers);
    assertThat(TestListing.classes(numbered)).startsWith("0", "1", "10", "2");
    Files.writeString(
        numbers.resolve("classes.txt"), "zero\none\n2\n3\n4\n5\n6\n7\n8\nnine\nten\n");
    Source named = TestListing.find("source.path=" + numbers);
    assertThat(TestListing.classes(named)).startsWith("zero", "one", "2").endsWith("nine", "ten");
    assertThat(TestListing.listing(named).classes(named).indices()).containsEntry("10", 10);
  }

  @Test
  void imagesOfTheDefaultSplitAreDivided() throws IOException {
    TestTree.write(folder);
    List<SourceItem> whole = TestListing.items(list());
    List<SourceItem> divided =
        TestListing.items(list("source.path=" + folder, "prepare.split={train: 0.5, test: 0.5}"));
    assertThat(divided).hasSameSizeAs(whole);
    for (int i = 0; i < whole.size(); i++) {
      String before = whole.get(i).split();
      assertThat(divided.get(i).path()).isEqualTo(whole.get(i).path());
      assertThat(divided.get(i).split())
          .isIn(before.equals("train") ? List.of("train", "test") : List.of("val"));
    }
    assertThat(divided).extracting(SourceItem::split).contains("train", "test", "val");
    assertThatThrownBy(
            () ->
                TestListing.items(
                    list("source.path=" + folder, "prepare.split={train: 0.5, val: 0.5}")))
        .hasMessageContaining("but the source has a split val of its own (val/cat/");
  }

  @Test
  void aDatabaseIsNamedWithWhatToWriteItInto() throws IOException {
    TestTree.put(folder, "lock.mdb", new byte[8]);
    TestTree.put(folder, "data.mdb", new byte[8]);
    assertDataError(
        "source file:%s is a database of LMDB, which is not read; write its entries into WebDataset's shards (KEY.jpg and KEY.cls in *.tar)"
            .formatted(folder));
    assertThatThrownBy(() -> list("source.path=" + folder + "/data.mdb"))
        .hasMessageStartingWith("source file:%s/data.mdb is a database of LMDB".formatted(folder));
  }

  @Test
  void saysWhatIsWrongWithATree() throws IOException {
    assertDataError("source file:" + folder + " holds none of these: split folders");
    byte[] image = TestImages.jpeg(8, 8);
    TestTree.put(folder, "a.jpg", image);
    assertDataError(
        "image file:%s/a.jpg of source file:%s does not lie in a class folder, expected split/class/a.jpg"
            .formatted(folder, folder));
    Files.delete(folder.resolve("a.jpg"));
    Files.createDirectories(folder.resolve("train"));
    assertDataError("split train of source file:" + folder + " holds no class folders");
    TestTree.put(folder, "train/b.PNG", image);
    assertDataError("image file:" + folder + "/train/b.PNG of source file:" + folder);
    Files.delete(folder.resolve("train/b.PNG"));
    TestTree.put(folder, "train/cat/notes.txt", image);
    assertDataError(
        "class cat of split train has no images (*.jpg, *.jpeg, *.png); the folder file:%s/train/cat holds 1 other entries (1 .txt)"
            .formatted(folder));
    TestTree.put(folder, "train/cat/1.jpg", image);
    assertThat(TestListing.items(list())).hasSize(1);
    TestTree.put(folder, "test/dog/1.jpg", image);
    assertDataError(
        "split test of source file:" + folder + " holds class dog, which split train does not");
    TestTree.put(folder, "train/dog/deeper/1.jpg", image);
    assertDataError("file:" + folder + "/train/dog/deeper is a folder, expected an image");
  }

  @Test
  void saysWhatIsWrongWithThePath() throws IOException {
    assertThatThrownBy(() -> list("source.path=" + folder + "/nothing"))
        .hasMessage("source file:" + folder + "/nothing does not exist");
    Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(() -> list("source.path=" + folder + "/file"))
        .hasMessage(
            "source file:"
                + folder
                + "/file is a file, expected a folder, a manifest (*.csv, *.jsonl), a Parquet,"
                + " TFRecord or sequence file");
    assertThatThrownBy(() -> list("source.path=" + folder + "/file", "source.format=tree"))
        .hasMessage("source file:" + folder + "/file is a file, expected a folder");
  }

  /** One rule for every level: what a dot or a marker's name hides is counted, never read. */
  @Test
  void hiddenEntriesArePassedOverAndUnderscoresRead() throws IOException {
    byte[] image = TestImages.jpeg(8, 8);
    TestTree.put(folder, "train/_negative/_DSC0001.JPG", image);
    TestTree.put(folder, "train/a:b/12:00.jpg", image);
    TestTree.put(folder, "._cover.jpg", image);
    TestTree.put(folder, "train/._cover.jpg", image);
    TestTree.put(folder, "train/_negative/._DSC0001.JPG", image);
    TestTree.put(folder, "train/_negative/_SUCCESS", image);
    TestTree.put(folder, "train/_temporary/0/1.jpg", image);
    TestTree.put(folder, "__MACOSX/train/cat/._1.jpg", image);
    TestTree.put(folder, "train/a:b/a.heic", image);
    TestTree.put(folder, "train/a:b/.git/HEAD", image);
    TestTree.put(folder, "train/notes", image);
    Source source = list();
    assertThat(TestListing.classes(source)).containsExactly("_negative", "a:b");
    assertThat(TestListing.items(source))
        .extracting(SourceItem::path)
        .containsExactlyInAnyOrder("train/_negative/_DSC0001.JPG", "train/a:b/12:00.jpg");
    assertThat(TestListing.listing(source).passedOver())
        .containsOnly(
            entry("hidden", 4L), entry("marker", 3L), entry(".heic", 1L), entry("no ending", 1L));
    TestTree.put(folder, "val:2/a:b/1.jpg", image);
    assertDataError(
        "split folder val:2 of source file:%s has a colon in its name, which the names of its shards cannot have; rename it"
            .formatted(folder));
  }

  @Test
  void aLinkThatLeadsNowhereIsNoPartOfASource() throws IOException {
    TestTree.write(folder);
    Files.createSymbolicLink(folder.resolve("test"), Path.of("nowhere"));
    assertDataError(
        "test in source file:%s is a link to nowhere, which leads nowhere; mend or remove it"
            .formatted(folder));
    Files.delete(folder.resolve("test"));
    Files.createSymbolicLink(folder.resolve("train/bird"), Path.of("nowhere"));
    Files.createSymbolicLink(folder.resolve("train/cat/loop.png"), Path.of("loop.png"));
    assertThat(TestListing.items(list()))
        .filteredOn(item -> item.refusal() != null)
        .extracting(item -> item.path() + " " + item.refusal().kind())
        .containsExactly("train/cat/loop.png DANGLING_LINK", "train/bird DANGLING_LINK");
    // Without its images a class of train is none, which needs a word.
    Files.createDirectory(folder.resolve("train/fish"));
    Files.createSymbolicLink(folder.resolve("train/fish/1.jpg"), Path.of("gone.jpg"));
    TestTree.put(folder, "val/fish/1.jpg", TestImages.jpeg(8, 8));
    assertDataError(
        "split val of source file:%s holds class fish, which split train does not; 3 images of split train are refused, the first: train/"
            .formatted(folder));
  }

  @Test
  void aPipeInPlaceOfAListIsNotWaitedFor() throws IOException {
    TestTree.put(folder, "data_batch_1.bin", new byte[3073]);
    for (String list : List.of("classes.txt", "manifest.csv", "val.txt")) {
      Files.createSymbolicLink(folder.resolve(list), Path.of("/dev/zero"));
      assertDataError(
          "%s in source file:%s is a pipe, socket or device; mend or remove it"
              .formatted(list, folder));
      Files.delete(folder.resolve(list));
    }
    assertThatThrownBy(() -> list("source.path=/dev/zero"))
        .hasMessage(
            "source file:/dev/zero is a pipe, socket or device, expected a folder or a file");
  }

  /** A batch less would be a fifth of CIFAR-10, and nobody would notice. */
  @Test
  void filesBesideFilesAreCountedAndLinksThatLeadNowhereTold() throws IOException {
    TestTree.put(folder, "data_batch_1.bin", new byte[3073]);
    TestTree.put(folder, "batches.meta.txt", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj".getBytes(UTF_8));
    TestTree.put(folder, "readme.html", new byte[1]);
    TestTree.put(folder, "data_batch_1.bin.part", new byte[0]);
    TestTree.put(folder, "old/data_batch_2.bin", new byte[3073]);
    assertThat(TestListing.listing(list()).passedOver())
        .containsOnly(entry(".html", 1L), entry("empty file", 1L), entry("folder", 1L));
    Files.createSymbolicLink(folder.resolve("data_batch_2.bin"), Path.of("/nowhere/2.bin"));
    assertDataError(
        "data_batch_2.bin in source file:%s is a link to /nowhere/2.bin, which leads nowhere; mend or remove it"
            .formatted(folder));
  }

  @Test
  void listsIdxFiles() throws IOException {
    idx("train-images-idx3-ubyte.gz", 0x803, 3, 4, 5);
    idx("train-labels-idx1-ubyte", 0x801, 3);
    Source source = list();
    assertThat(source.format()).isEqualTo(Format.IDX);
    assertThat(source.splits()).containsExactly("train");
    assertThat(TestListing.classes(source)).containsExactly("0", "1", "2");
    List<SourceItem> items = TestListing.items(source);
    assertThat(items).extracting(SourceItem::label).containsExactly("0", "1", "2");
    assertThat(items).extracting(SourceItem::bytes).containsOnly(20L);
    assertThat(items.get(2).path()).isEqualTo("train-images-idx3-ubyte#2");
    RawPixels last = (RawPixels) items.get(2).content();
    assertThat(last.height()).isEqualTo(4);
    assertThat(last.interleaved()).startsWith(40, 41).endsWith(59);
    Files.writeString(folder.resolve("classes.txt"), "a\nb\n\nc\nd\n");
    assertThat(TestListing.classes(list())).containsExactly("a", "b", "c", "d");
    Files.writeString(folder.resolve("classes.txt"), "a\nb\n");
    Source unnamed = list();
    assertThat(TestListing.listing(unnamed).classes(unnamed).refused())
        .isEqualTo(
            Map.of("2", "has label 2, but file:%s/classes.txt names 2 classes".formatted(folder)));
    Files.writeString(folder.resolve("classes.txt"), "a\nb\na");
    assertDataError(
        "file:" + folder + "/classes.txt names the class \"a\" twice, in lines 1 and 3");
  }

  @Test
  void saysWhatIsWrongWithIdxFiles() throws IOException {
    String images = "file:" + folder + "/train-images-idx3-ubyte";
    idx("train-images-idx3-ubyte", 0x803, 3, 4, 5);
    assertDataError("source file:" + folder + " holds train-images-idx3-ubyte but no train-labels");
    idx("train-labels-idx1-ubyte", 0x801, 2);
    assertDataError(images + " holds 3 images, but train-labels-idx1-ubyte holds 2 labels");
    idx("train-labels-idx1-ubyte", 0x801, 3);
    idx("train-images-idx3-ubyte", 0x802, 3, 4, 5);
    assertDataError(
        images
            + " begins with 0x00000802, expected 0x00000803 (IDX, unsigned bytes, 3 dimensions)");
    idx("train-images-idx3-ubyte", 0x803, 3, 0, 5);
    assertDataError(images + " has 0 as dimension 1, expected at least 1");
    idx("train-images-idx3-ubyte", 0x803, 3, 4, 5);
    byte[] whole = Files.readAllBytes(folder.resolve("train-images-idx3-ubyte"));
    TestTree.put(folder, "train-images-idx3-ubyte", Arrays.copyOf(whole, whole.length - 1));
    assertDataError(
        images
            + " is damaged or truncated: it ends before the values (3 x 4 x 5) that its header says");
    TestTree.put(folder, "train-images-idx3-ubyte", Arrays.copyOf(whole, 9));
    assertDataError(images + " is damaged or truncated inside its header");
    TestTree.put(folder, "train-images-idx3-ubyte", Arrays.copyOf(whole, whole.length + 1));
    assertDataError(images + " is longer than its header says: 3 x 4 x 5");
  }

  @Test
  void saysWhatIsWrongWithGzip() throws IOException {
    String images = "file:" + folder + "/train-images-idx3-ubyte.gz";
    idx("train-labels-idx1-ubyte", 0x801, 3);
    idx("train-images-idx3-ubyte.gz", 0x803, 3, 4, 5);
    byte[] whole = Files.readAllBytes(folder.resolve("train-images-idx3-ubyte.gz"));
    TestTree.put(folder, "train-images-idx3-ubyte.gz", Arrays.copyOf(whole, whole.length / 2));
    assertDataError(images + " is damaged or truncated");
    TestTree.put(folder, "train-images-idx3-ubyte.gz", new byte[100]);
    assertDataError(images + " is not a gzip file: Not in GZIP format");
    TestTree.put(folder, "train-images-idx3-ubyte.gz", new byte[0]);
    assertDataError(images + " is not a gzip file");
  }

  /** Neither what a header says nor what a few bytes inflate to is held in memory. */
  @Test
  void idxFilesThatSayOrInflateToTooMuch() throws IOException {
    idx("train-images-idx3-ubyte.gz", 0x803, 3, 4, 5);
    byte[] bomb = new byte[8 + (1 << 24)];
    ByteBuffer.wrap(bomb).putInt(0x801).putInt(Integer.MAX_VALUE);
    gzip("train-labels-idx1-ubyte.gz", bomb);
    String images = "file:" + folder + "/train-images-idx3-ubyte.gz";
    assertDataError(
        images + " holds 3 images, but train-labels-idx1-ubyte.gz holds 2147483647 labels");
    ByteBuffer.wrap(bomb).putInt(4, 3);
    gzip("train-labels-idx1-ubyte.gz", bomb);
    assertDataError(
        "file:" + folder + "/train-labels-idx1-ubyte.gz is longer than its header says: 3");
    ByteBuffer.wrap(bomb).putInt(0x803).putInt(Integer.MAX_VALUE).putInt(1).putInt(1);
    gzip("train-images-idx3-ubyte.gz", bomb);
    assertDataError(images + " says that it holds 2147483647 images, allowed are 100000000");
  }

  private void gzip(String name, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    }
    TestTree.put(folder, name, bytes.toByteArray());
  }

  private Source list(String... assignments) {
    String[] all = assignments.length == 0 ? new String[] {"source.path=" + folder} : assignments;
    return TestListing.find(all);
  }

  private void assertDataError(String message) {
    assertThatThrownBy(() -> TestListing.items(list()))
        .isInstanceOf(BellowsException.class)
        .hasMessageStartingWith(message)
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.DATA);
  }

  /** Values count up from 0. */
  private void idx(String name, int magic, int... dimensions) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out =
        new DataOutputStream(name.endsWith(".gz") ? new GZIPOutputStream(bytes) : bytes)) {
      out.writeInt(magic);
      int values = 1;
      for (int dimension : dimensions) {
        out.writeInt(dimension);
        values *= dimension;
      }
      for (int i = 0; i < values; i++) {
        out.writeByte(i);
      }
    }
    TestTree.put(folder, name, bytes.toByteArray());
  }
}
