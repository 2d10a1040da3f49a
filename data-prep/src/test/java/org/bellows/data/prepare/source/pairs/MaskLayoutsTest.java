// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.pairs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bellows.conf.BellowsException;
import org.bellows.conf.SourceSettings.Format;
import org.bellows.data.TestTree;
import org.bellows.data.prepare.listing.ListingCounts;
import org.bellows.data.prepare.listing.TestListing;
import org.bellows.data.prepare.source.part.Source;
import org.bellows.data.prepare.source.part.SourceItem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures and masks as they lie: which belong together, and that nothing vanishes. */
class MaskLayoutsTest {
  private static final byte[] FILE = {1};

  @TempDir Path folder;
  private Path source;
  private final List<String> files = new ArrayList<>();

  @BeforeEach
  void makeSource() throws IOException {
    source = Files.createDirectories(folder.resolve("source"));
  }

  private void put(String... paths) throws IOException {
    for (String path : paths) {
      TestTree.put(source, path, FILE);
      files.add(path);
    }
  }

  private Source find(String... assignments) {
    List<String> all = new ArrayList<>(List.of(assignments));
    all.add("source.path=" + source);
    return TestListing.find(all.toArray(String[]::new));
  }

  /** "split image mask+mask", or what it is refused for. */
  private List<String> pairs(Source found) {
    return TestListing.items(found).stream().map(this::text).sorted().toList();
  }

  private String text(SourceItem item) {
    String root = "file:" + source + "/";
    return item.refusal() != null
        ? "%s %s %s".formatted(item.split(), item.path(), item.refusal().kind())
        : "%s %s %s"
            .formatted(
                item.split(),
                item.path(),
                String.join(
                    "+", item.masks().stream().map(m -> m.name().replace(root, "")).toList()));
  }

  @Test
  void foldersAndTheirAnnotationsAreSplits() throws IOException {
    put("train/a.jpg", "train/b.PNG", "trainannot/a.png", "trainannot/b.png", "trainannot/c.png");
    put("val/a.jpg", "valannot/a.png", "test/x.jpg", "train.txt", ".DS_Store", "val/Thumbs.db");
    Source found = find();
    assertThat(found.format()).isEqualTo(Format.PAIRS);
    assertThat(pairs(found))
        .containsExactly(
            "train train/a.jpg trainannot/a.png",
            "train train/b.PNG trainannot/b.png",
            "val val/a.jpg valannot/a.png");
    ListingCounts listing = TestListing.listing(found);
    assertThat(listing.isUnlabelled()).isTrue();
    assertThat(listing.classes(found).names()).isEmpty();
    assertThat(listing.passedOver())
        .isEqualTo(
            Map.of("mask without image", 1L, ".txt", 1L, "hidden", 1L, ".db", 1L, "folder", 1L));
  }

  @Test
  void imagesAndMasksAreOneSplit() throws IOException {
    put("images/a.jpg", "images/b.jpg", "masks/a.png", "masks/a.jpg", "masks/x.npy");
    assertThat(pairs(find("source.default-split=all")))
        .containsExactly("all images/a.jpg NO_MASK", "all images/b.jpg NO_MASK");
    assertThat(TestListing.items(find()))
        .extracting(item -> item.refusal().reason())
        .containsExactlyInAnyOrder(
            "has 2 masks, expected one: " + names(),
            "has no mask: there is no b.png in file:%s/masks".formatted(source));
    assertThat(TestListing.listing(find()).passedOver()).isEqualTo(Map.of(".npy", 1L));
  }

  /** In the order of the folder. */
  private String names() throws IOException {
    try (var entries = Files.newDirectoryStream(source.resolve("masks"), "a.*")) {
      List<String> names = new ArrayList<>();
      entries.forEach(path -> names.add(path.getFileName().toString()));
      return String.join(" and ", names);
    }
  }

  @Test
  void splitsMayLieBelowOrAboveTheTwo() throws IOException {
    put("images/training/a.jpg", "images/validation/b.jpg", "images/extra/c.jpg");
    put("annotations/training/a.png", "annotations/validation/b.png");
    assertThat(pairs(find()))
        .containsExactly(
            "training images/training/a.jpg annotations/training/a.png",
            "validation images/validation/b.jpg annotations/validation/b.png");
    assertThat(TestListing.listing(find()).passedOver()).isEqualTo(Map.of("folder", 1L));
    source = Files.createDirectories(folder.resolve("other"));
    put("train/images/a.jpg", "train/masks/a.png", "val/images/a.jpg", "val/masks/a.png");
    put("val/readme.md");
    assertThat(pairs(find()))
        .containsExactly(
            "train train/images/a.jpg train/masks/a.png", "val val/images/a.jpg val/masks/a.png");
    assertThat(TestListing.listing(find()).passedOver()).isEqualTo(Map.of(".md", 1L));
  }

  @Test
  void namesMayEndDifferently() throws IOException {
    put("leftImg8bit/train/ulm/ulm_1_leftImg8bit.png", "leftImg8bit/val/bonn/b_leftImg8bit.png");
    put("gtFine/train/ulm/ulm_1_gtFine_labelIds.png", "gtFine/train/ulm/ulm_1_gtFine_color.png");
    put("gtFine/val/bonn/b_gtFine_labelIds.png", "gtFine/train/ulm/ulm_1_gtFine_polygons.json");
    Source found =
        find(
            "source.image-folder=leftImg8bit/{split}",
            "source.mask-folder=gtFine/{split}",
            "source.image-suffix=_leftImg8bit",
            "source.mask-suffix=_gtFine_labelIds");
    assertThat(pairs(found))
        .containsExactly(
            "train leftImg8bit/train/ulm/ulm_1_leftImg8bit.png"
                + " gtFine/train/ulm/ulm_1_gtFine_labelIds.png",
            "val leftImg8bit/val/bonn/b_leftImg8bit.png gtFine/val/bonn/b_gtFine_labelIds.png");
    assertThat(TestListing.listing(found).passedOver())
        .isEqualTo(Map.of("other name", 1L, ".json", 1L));
  }

  @Test
  void picturesAndMasksMayShareAFolder() throws IOException {
    put("a.jpg", "a_L.png", "b.jpg", "b_L.png", "c_L.png", "classes.txt");
    Source found = find("source.image-folder=.", "source.mask-folder=.", "source.mask-suffix=_L");
    assertThat(pairs(found)).containsExactly("train a.jpg a_L.png", "train b.jpg b_L.png");
    assertThat(TestListing.listing(found).passedOver()).isEqualTo(Map.of("mask without image", 1L));
    assertBad(
        "source.image-folder and source.mask-folder are both \".\"; then source.mask-suffix must"
            + " say how names of masks end, such as _mask",
        "source.image-folder=.",
        "source.mask-folder=.");
  }

  @Test
  void aFolderIsAPicture() throws IOException {
    put("t1/x/images/x.png", "t1/x/masks/2.png", "t1/x/masks/1.png", "t1/x/note.txt");
    put("t1/y/images/y.png", "t1/z/images/1.png", "t1/z/images/2.png", "t1/z/masks/1.png");
    put("t2/w/images/w.png", "t2/w/masks/w.png", "t2/w/masks/.hidden", "top.csv");
    Source found = find();
    assertThat(found.format()).isEqualTo(Format.PICTURE_FOLDERS);
    assertThat(pairs(found))
        .containsExactly(
            "t1 t1/x/images/x.png t1/x/masks/1.png+t1/x/masks/2.png",
            "t1 t1/y/images/y.png NO_MASK",
            "t1 t1/z NO_IMAGE",
            "t2 t2/w/images/w.png t2/w/masks/w.png");
    assertThat(TestListing.listing(found).passedOver())
        .isEqualTo(Map.of(".txt", 1L, "hidden", 1L, ".csv", 1L));
    source = Files.createDirectories(folder.resolve("one"));
    put("x/images/x.png", "x/masks/1.png");
    assertThat(pairs(find())).containsExactly("train x/images/x.png x/masks/1.png");
  }

  @Test
  void listsOfVocNameStems() throws IOException {
    put("JPEGImages/2007_1.jpg", "JPEGImages/2007_2.jpg", "JPEGImages/2007_3.jpg");
    put("SegmentationClass/2007_1.png", "SegmentationClass/2007_2.png");
    String lists = "ImageSets/Segmentation/";
    TestTree.put(source, lists + "train.txt", "2007_1\n2007_3\n\n2007_9\n".getBytes());
    TestTree.put(source, lists + "val.txt", "2007_2\r\n".getBytes());
    TestTree.put(source, lists + "trainval.txt", "2007_1\n2007_2\n".getBytes());
    Source found = find();
    assertThat(found.format()).isEqualTo(Format.LISTS);
    assertThat(pairs(found))
        .containsExactly(
            "train JPEGImages/2007_1.jpg SegmentationClass/2007_1.png",
            "train train.txt#2 BAD_LINE",
            "train train.txt#4 BAD_LINE",
            "val JPEGImages/2007_2.jpg SegmentationClass/2007_2.png");
    assertThat(TestListing.items(found))
        .filteredOn(item -> item.refusal() != null)
        .extracting(item -> item.refusal().reason())
        .containsExactly(
            "line 2 has no mask: it names SegmentationClass/2007_3.png, and there is no such file",
            "line 4 names JPEGImages/2007_9.jpg, and there is no such file");
    Source other = find("source.lists=[ImageSets/Segmentation/trainval.txt]");
    assertThat(pairs(other)).hasSize(2).allMatch(pair -> pair.startsWith("trainval JPEGImages/"));
  }

  /** SegNet's lists name the paths of its authors' machine. */
  @Test
  void listsOfPathsAreReadWhereverTheyWereMade() throws IOException {
    put("pics/a.png", "pics/b.png", "marks/a.png", "marks/b.png");
    TestTree.put(
        source,
        "train.txt",
        "/SegNet/CamVid/pics/a.png /SegNet/CamVid/marks/a.png\n/SegNet/CamVid/pics/b.png\tx\ty\n"
            .getBytes());
    TestTree.put(source, "test.txt", "CamVid/pics/b.png CamVid/marks/b.png\n".getBytes());
    assertThat(pairs(find("source.format=lists")))
        .containsExactly(
            "test pics/b.png marks/b.png",
            "train pics/a.png marks/a.png",
            "train train.txt#2 BAD_LINE");
    TestTree.put(source, "test.txt", "a/b.png c/d.png\n".getBytes());
    assertBad(
        "the first line of file:%s/test.txt names a/b.png, and there is no such file in file:%s, whichever leading folders are left out"
            .formatted(source, source),
        "source.format=lists");
  }

  @Test
  void saysWhatIsLacking() throws IOException {
    put("a/1.jpg", "b/1.jpg");
    assertBad(
        "source file:%s holds none of these: train and trainannot, images and masks (or annotations, labels), train/images and train/masks; source.image-folder and source.mask-folder say where pictures and masks lie"
            .formatted(source),
        "source.format=pairs");
    assertBad(
        "source file:%s holds no folder c (source.mask-folder)".formatted(source),
        "source.image-folder=a",
        "source.mask-folder=c");
    assertBad(
        "source.image-folder is \"a\" and source.mask-folder \"\"; expected both or none",
        "source.image-folder=a");
    assertBad(
        "source.mask-folder is \"../b\", allowed: a folder in source.path such as images, {split} or masks/{split}, \".\" for source.path itself",
        "source.image-folder=a",
        "source.mask-folder=../b");
    assertBad(
        "source.image-folder is \"{split}\" and source.mask-folder \"b\"; expected {split} in both or in none",
        "source.image-folder={split}",
        "source.mask-folder=b");
    assertBad(
        "source file:%s holds no split with both folders, {split} of pictures and {split}x of masks"
            .formatted(source),
        "source.image-folder={split}",
        "source.mask-folder={split}x");
    assertBad(
        "source file:%s holds none of the lists train.txt, val.txt, validation.txt, valid.txt or test.txt; source.lists names others"
            .formatted(source),
        "source.format=lists");
    assertBad(
        "source file:%s holds no folder a picture, expected ID/images/ID.png and ID/masks/*.png, or SPLIT/ID/images/ID.png"
            .formatted(source),
        "source.format=picture-folders");
    assertThat(find().format()).isEqualTo(Format.TREE);
  }

  private void assertBad(String message, String... assignments) {
    assertThatThrownBy(() -> find(assignments))
        .isInstanceOf(BellowsException.class)
        .hasMessage(message);
  }
}
