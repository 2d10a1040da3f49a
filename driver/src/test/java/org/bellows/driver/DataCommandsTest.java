// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.driver.features.TinyModel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code data show} and {@code data stats} on rendered pictures with some planted odd ones. */
@Tag("integration")
class DataCommandsTest {
  @TempDir static Path folder;

  private static Path dataset;

  @BeforeAll
  static void prepare() throws IOException {
    Path raw = TinyTree.render(folder.resolve("raw"));
    Path ofTraining = first(raw.resolve("train"));
    // The same picture among the test pictures and in another class.
    Path otherClass = raw.resolve("train").resolve(otherThan(ofTraining, raw.resolve("train")));
    Files.copy(ofTraining, otherClass.resolve("copy.jpg"));
    Path test = raw.resolve("test").resolve(ofTraining.getParent().getFileName());
    Files.copy(last(ofTraining.getParent()), test.resolve("leaked.jpg"));
    dataset = TinyTree.prepared(raw, folder.resolve("dataset"));
  }

  private static Path first(Path below) throws IOException {
    try (Stream<Path> files = Files.walk(below)) {
      return files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
    }
  }

  private static Path last(Path below) throws IOException {
    try (Stream<Path> files = Files.list(below)) {
      return files.sorted().reduce((a, b) -> b).orElseThrow();
    }
  }

  private static String otherThan(Path file, Path split) throws IOException {
    try (Stream<Path> classes = Files.list(split)) {
      return classes
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.equals(file.getParent().getFileName().toString()))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void statsFindsCopiesAndDrawsAPage() throws Exception {
    Path output = folder.resolve("stats");
    CommandLine.Said said =
        CommandLine.run(
            "data",
            "stats",
            "--master=local[1]",
            "--set=cluster.executors=1",
            "--set=data.path=" + dataset,
            "--set=output.path=" + output);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out())
        .contains("same bytes, different classes: 1", "same bytes in several splits: 1")
        .contains("copy.jpg", "leaked.jpg", "jpeg 145");
    assertThat(CommandLine.metric(output, "images")).isEqualTo(194);
    assertThat((Map<?, ?>) CommandLine.metric(output, "odd"))
        .isEqualTo(Map.of("conflict", 1, "leak", 1));
    String page = Files.readString(output.resolve("dataset.html"));
    assertThat(page).contains("<svg", "data:image/png", "same bytes, different classes");
    // Well-formed.
    DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(Files.readAllBytes(output.resolve("dataset.html"))));
  }

  @Test
  void statsWithoutOutputOnlyPrints() {
    CommandLine.Said said =
        CommandLine.run(
            "data",
            "stats",
            "--master=local[1]",
            "--set=cluster.executors=1",
            "--set=data.path=" + dataset);
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out()).contains("class ", "give --set output.path=FOLDER for a page");
  }

  @Test
  void showDrawsSheets() throws IOException {
    Path output = folder.resolve("show");
    CommandLine.Said said =
        CommandLine.run(
            "data",
            "show",
            "--set=data.path=" + dataset,
            "--set=output.path=" + output,
            "--set=show.classes=5",
            "--set=show.samples-per-class=3",
            "--set=show.cell-pixels=32",
            "--set=model.height-pixels=32",
            "--set=model.width-pixels=32");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(CommandLine.metric(output, "samples")).isEqualTo(15);
    RasterImage sheet = decode(output.resolve("contact-sheet.png"));
    RasterImage trained = decode(output.resolve("as-trained.png"));
    assertThat(sheet.height()).isEqualTo(trained.height());
    RasterImage augmentations = decode(output.resolve("augmentations.png"));
    assertThat(augmentations.width()).isEqualTo(trained.width());
    assertThat(augmentations.height()).isGreaterThan(20 * 38);
    // Seven columns instead of three.
    assertThat(trained.width() - sheet.width()).isEqualTo(4 * 38);
  }

  /** Two of three pictures with a label map each: left half 0, right half 1 or 255. */
  private static Path withMasks() throws IOException {
    Path source = Files.createDirectories(folder.resolve("masked"));
    StringBuilder rows = new StringBuilder("path,label,mask\n");
    for (int i = 0; i < 6; i++) {
      BufferedImage picture = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
      BufferedImage mask = new BufferedImage(40, 40, BufferedImage.TYPE_BYTE_GRAY);
      for (int row = 0; row < 40; row++) {
        for (int column = 0; column < 40; column++) {
          picture.setRGB(column, row, 0x010203 * (row + column + i));
          mask.getRaster().setSample(column, row, 0, column < 20 ? 0 : i % 2 == 0 ? 1 : 255);
        }
      }
      ImageIO.write(picture, "png", source.resolve(i + ".png").toFile());
      ImageIO.write(mask, "png", source.resolve(i + "-mask.png").toFile());
      String named = i % 3 == 2 ? "" : i + "-mask.png";
      rows.append("%d.png,class %d,%s\n".formatted(i, i / 3, named));
    }
    return Files.writeString(source.resolve("masked.csv"), rows);
  }

  @Test
  void labelMapsAreCountedAndShown() throws IOException {
    Path data = folder.resolve("masked-data");
    CommandLine.Said prepared =
        CommandLine.run(
            "prepare",
            "--master=local[1]",
            "--set=cluster.executors=1",
            "--set=source.path=" + withMasks(),
            "--set=source.mask-void=[255]",
            "--set=data.path=" + data);
    assertThat(prepared.exitCode()).as(prepared.err()).isZero();
    assertThat(prepared.err()).contains("label maps: 4 of 6 images have one");
    assertThat(CommandLine.metric(data, "masks")).isEqualTo(4);
    Path output = folder.resolve("masked-show");
    CommandLine.Said shown =
        CommandLine.run(
            "data",
            "show",
            "--set=data.path=" + data,
            "--set=output.path=" + output,
            "--set=show.cell-pixels=32",
            "--set=model.height-pixels=32",
            "--set=model.width-pixels=32");
    assertThat(shown.exitCode()).as(shown.err()).isZero();
    assertThat(CommandLine.metric(output, "masks")).isEqualTo(4);
    // Two lines of the legend; two classes, each with its pictures and below them its label maps.
    assertThat(decode(output.resolve("contact-sheet.png")).height()).isEqualTo(40 + 23 + 4 * 38);
    CommandLine.Said stats =
        CommandLine.run(
            "data",
            "stats",
            "--master=local[1]",
            "--set=cluster.executors=1",
            "--set=data.path=" + data,
            "--set=output.path=" + folder.resolve("masked-stats"));
    assertThat(stats.exitCode()).as(stats.err()).isZero();
    assertThat(stats.out()).contains("label maps, train: 4 of 6 samples" + System.lineSeparator());
    assertThat(Files.readString(folder.resolve("masked-stats/dataset.html")))
        .contains(
            "Classes of pixels", "4 of 6 images have a label map", "<span>25.00\u00a0%</span>");
  }

  /** Samples have masks and no label: rows are numbered, and classes are those of pixels. */
  @Test
  void picturesWithMasksAloneAreShown() throws IOException {
    Path masked = withMasks().getParent();
    Path source = folder.resolve("pairs");
    for (int i = 0; i < 4; i++) {
      Path image = Files.createDirectories(source.resolve("images")).resolve(i + ".png");
      Path mask = Files.createDirectories(source.resolve("masks")).resolve(i + ".png");
      Files.copy(masked.resolve(i + ".png"), image);
      Files.copy(masked.resolve(i + "-mask.png"), mask);
    }
    Path data = folder.resolve("pairs-data");
    CommandLine.Said prepared =
        CommandLine.run(
            "prepare",
            "--master=local[1]",
            "--set=cluster.executors=1",
            "--set=source.path=" + source,
            "--set=source.mask-void=[255]",
            "--set=source.pixel-classes=[left,right]",
            "--set=data.path=" + data);
    assertThat(prepared.exitCode()).as(prepared.err()).isZero();
    assertThat(prepared.err())
        .contains("4 images, 2 classes of pixels, ", "label maps: 4 of 4 images have one");
    Path output = folder.resolve("pairs-show");
    CommandLine.Said shown =
        CommandLine.run(
            "data",
            "show",
            "--set=data.path=" + data,
            "--set=output.path=" + output,
            "--set=show.samples-per-class=2",
            "--set=show.cell-pixels=32",
            "--set=model.height-pixels=32",
            "--set=model.width-pixels=32");
    assertThat(shown.exitCode()).as(shown.err()).isZero();
    assertThat(CommandLine.metric(output, "masks")).isEqualTo(4);
    // Three lines of the legend; two rows of two samples, each with its label maps below.
    assertThat(decode(output.resolve("contact-sheet.png")).height()).isEqualTo(57 + 23 + 4 * 38);
    CommandLine.Said stats =
        CommandLine.run(
            "data",
            "stats",
            "--master=local[1]",
            "--set=cluster.executors=1",
            "--set=data.path=" + data);
    assertThat(stats.exitCode()).as(stats.err()).isZero();
    assertThat(stats.out())
        .contains("left                            50.000 %           4      1.0000")
        .contains("right                           25.000 %           2      1.0000")
        .doesNotContain("class  ");
    TinyModel.write(folder.resolve("any-model"), "lenet5", 3);
    CommandLine.Said extracted =
        CommandLine.run(
            "extract-features",
            "--master=local[1]",
            "--set=cluster.executors=1",
            "--set=model.path=" + folder.resolve("any-model"),
            "--set=data.path=" + data,
            "--set=output.path=" + folder.resolve("pairs-features"));
    assertThat(extracted.exitCode()).as(extracted.err()).isZero();
    assertThat(CommandLine.metric(folder.resolve("pairs-features"), "images")).isEqualTo(4);
    CommandLine.Said head =
        CommandLine.run(
            "train-head",
            "--set=features.path=" + folder.resolve("pairs-features"),
            "--set=output.path=" + folder.resolve("pairs-head"));
    assertThat(head.exitCode()).isEqualTo(3);
    assertThat(head.err())
        .endsWith(
            "pairs-features/features are of images without a label or with any number of labels, and a head learns one class of each image; a dataset may have labels beside its masks\n");
  }

  @Test
  void anUnknownSplitIsBadData() {
    CommandLine.Said said =
        CommandLine.run(
            "data",
            "show",
            "--set=data.path=" + dataset,
            "--set=output.path=" + folder.resolve("none"),
            "--set=show.split=holdout");
    assertThat(said.exitCode()).isEqualTo(3);
    assertThat(said.err()).contains("the dataset has no split \"holdout\"; it has");
  }

  private static RasterImage decode(Path file) throws IOException {
    return new ImageDecoder(ImageDecoder.MOST_PIXELS).decode(Files.readAllBytes(file));
  }
}
