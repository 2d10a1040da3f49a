// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bellows.data.TestImages;
import org.bellows.data.TestTree;

/** A tree with everything odd that a disk can hold, and a count of it by other means. */
final class OddTree {
  /** A few that only a look at the bytes of names finds. */
  static final List<String> SOME_NAMES =
      List.of(
          "train/cat/12:00.jpg",
          "train/cat/caf\\xE9.jpg",
          "train/stra\\xDFe/1.jpg",
          "train/cat/dangling.jpg",
          "train/cat/pipe.jpg",
          "train/_negative/_DSC0001.JPG",
          "train/cat/new?line.jpg");

  static final Map<String, Long> REFUSED =
      Map.of("BAD_NAME", 3L, "DANGLING_LINK", 3L, "NOT_A_FILE", 4L);

  static final Map<String, Long> PASSED_OVER =
      Map.of(".heic", 1L, "no ending", 2L, "hidden", 6L, "marker", 3L, "not a file", 1L);

  private static final Set<String> MARKERS = Set.of("_SUCCESS", "_temporary", "__MACOSX");

  private OddTree() {}

  /**
   * @param source a tree of splits train and val already
   * @param elsewhere a folder that links lead to
   */
  static void write(Path source, Path elsewhere) throws IOException, InterruptedException {
    byte[] image = TestImages.jpeg(9, 9);
    for (String name :
        List.of(
            "12:00.jpg",
            "C:.jpg",
            "with space .jpg",
            "new\nline.jpg",
            "tab\t.jpg",
            "quote'\".jpg",
            "back\\slash.jpg",
            "%41.jpg",
            "#?.jpg",
            "\u00e9.jpg",
            "e\u0301.jpg",
            "\ud83d\ude00.JPEG",
            "-rf.jpg",
            "~.jpg",
            "*.png",
            "a".repeat(251) + ".jpg",
            "a.webp.jpg",
            "_.jpg")) {
      TestTree.put(source, "train/cat/" + name, image);
    }
    for (String name :
        List.of(
            "a.webp",
            "a.gif",
            "a.TIF",
            "a.bmp",
            "a.heic",
            "a.jpg.part",
            "a.00001",
            "no-ending",
            ".hidden.jpg",
            "._a.jpg",
            "_SUCCESS",
            "jpg",
            "Thumbs.db",
            ".jpg",
            "a.jpg~")) {
      TestTree.put(source, "train/cat/" + name, image);
    }
    TestTree.put(source, "train/cat/empty.jpg", new byte[0]);
    TestTree.put(source, "train/cat/cut.jpg", Arrays.copyOf(image, 100));
    TestTree.put(source, "train/cat/gif.jpg", "GIF89a.....".getBytes(US_ASCII));
    TestTree.put(source, "train/_negative/_DSC0001.JPG", image);
    TestTree.put(source, "train/a:b/1.jpg", image);
    TestTree.put(source, "train/.ipynb_checkpoints/1.jpg", image);
    TestTree.put(source, "train/cat/.git/objects/1.jpg", image);
    TestTree.put(source, "train/_temporary/0/1.jpg", image);
    TestTree.put(source, "__MACOSX/train/cat/._1.jpg", image);
    TestTree.put(source, "train/labels.csv", image);
    TestTree.put(elsewhere, "1.jpg", image);
    TestTree.put(elsewhere, "2.txt", image);
    Files.createSymbolicLink(source.resolve("train/linked"), elsewhere);
    Files.createSymbolicLink(source.resolve("train/cat/link.jpg"), elsewhere.resolve("1.jpg"));
    Files.createLink(source.resolve("train/cat/hard.jpg"), elsewhere.resolve("1.jpg"));
    Files.createSymbolicLink(source.resolve("train/gone"), elsewhere.resolve("gone"));
    Files.createSymbolicLink(source.resolve("train/cat/dangling.jpg"), Path.of("gone.jpg"));
    Files.createSymbolicLink(source.resolve("train/cat/loop.jpg"), Path.of("loop.jpg"));
    Files.createSymbolicLink(source.resolve("train/cat/null.jpg"), Path.of("/dev/null"));
    Files.createSymbolicLink(source.resolve("train/cat/zero.png"), Path.of("/dev/zero"));
    pipe(source.resolve("train/cat/pipe.jpg"));
    pipe(source.resolve("train/pipe"));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      // An address is short; the file moves on.
      Path address = Files.createTempDirectory("s").resolve("s");
      server.bind(UnixDomainSocketAddress.of(address));
      Files.move(address, source.resolve("train/cat/socket.jpg"));
      Files.delete(address.getParent());
    }
    Files.write(ofBytes(source, "train/cat/caf%E9.jpg"), image);
    Files.createDirectory(ofBytes(source, "train/stra%DFe"));
    for (String name : List.of("1.jpg", "2.jpg", "3.xml")) {
      Files.write(ofBytes(source, "train/stra%DFe/" + name), image);
    }
  }

  /**
   * Entries of the root, the splits and the class folders that are no folders; and folders that are
   * not entered, each as one.
   */
  static long count(Path root) throws IOException {
    return count(root, 0);
  }

  private static long count(Path folder, int depth) throws IOException {
    long count = 0;
    try (var entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        boolean isEntered = depth < 2 && !name.startsWith(".") && !MARKERS.contains(name);
        count += isEntered && Files.isDirectory(entry) ? count(entry, depth + 1) : 1;
      }
    }
    return count;
  }

  /** Of each line but the header. */
  static List<String> firstCells(Path file) throws IOException {
    return Files.readAllLines(file).stream().skip(1).map(line -> line.split("\t")[0]).toList();
  }

  private static void pipe(Path path) throws IOException, InterruptedException {
    Process made = new ProcessBuilder("mkfifo", path.toString()).inheritIO().start();
    assertThat(made.waitFor()).isZero();
  }

  private static Path ofBytes(Path root, String escaped) {
    return Path.of(URI.create("file://" + root + "/" + escaped));
  }
}
