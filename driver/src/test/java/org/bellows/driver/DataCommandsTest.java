package org.bellows.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.Pixels;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code data show} and {@code data stats} on rendered pictures with some planted odd ones. */
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
    Pixels sheet = decode(output.resolve("contact-sheet.png"));
    Pixels trained = decode(output.resolve("as-trained.png"));
    assertThat(sheet.height()).isEqualTo(trained.height());
    Pixels augmentations = decode(output.resolve("augmentations.png"));
    assertThat(augmentations.width()).isEqualTo(trained.width());
    assertThat(augmentations.height()).isGreaterThan(20 * 38);
    // Seven columns instead of three.
    assertThat(trained.width() - sheet.width()).isEqualTo(4 * 38);
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

  private static Pixels decode(Path file) throws IOException {
    return new ImageDecoder(ImageDecoder.MOST_PIXELS).decode(Files.readAllBytes(file));
  }
}
