// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.bellows.data.storage.Sha256;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each ends in one sentence and the right exit code; nothing already written is lost. */
@Tag("integration")
@Timeout(600)
class BadInputTest {
  @TempDir static Path folder;

  private static Path raw;
  private static Path dataset;

  @BeforeAll
  static void prepare() {
    dataset = TinyTree.prepare(folder);
    raw = folder.resolve("raw");
  }

  private static CommandLine.Said prepare(Path source, Path data) {
    return CommandLine.run(
        "prepare",
        "--master=local[1]",
        "--set=cluster.executors=1",
        "--set=source.path=" + source,
        "--set=data.path=" + data);
  }

  private static CommandLine.Said train(Path data, Path run, String... more) {
    String[] args = TinyTree.train(data, run, 1, more);
    String[] local = Arrays.copyOf(args, args.length + 1);
    local[args.length] = "--master=local[1]";
    return CommandLine.run(local);
  }

  private static void failed(CommandLine.Said said, int exitCode, String... sentence) {
    assertThat(said.exitCode()).as(said.err()).isEqualTo(exitCode);
    List<String> lines = said.err().lines().filter(line -> line.startsWith("bellows: ")).toList();
    assertThat(lines).hasSize(1);
    assertThat(said.err()).contains(sentence).doesNotContain("\tat ");
  }

  private static Path copyOfRaw(String name) throws IOException {
    Path copy = folder.resolve(name);
    FileUtils.copyDirectory(raw.toFile(), copy.toFile());
    return copy;
  }

  @Test
  void missingSource() throws IOException {
    Path data = folder.resolve("none");
    failed(prepare(folder.resolve("nowhere"), data), 3, "nowhere");
    assertThat(CommandLine.result(data).get("status")).isEqualTo("failed");
    // That result is nothing that could be lost.
    assertThat(prepare(raw, data).exitCode()).isZero();
    assertThat(CommandLine.result(data).get("status")).isEqualTo("succeeded");
  }

  @Test
  void emptyClassFolder() throws IOException {
    Path source = copyOfRaw("with-empty-class");
    Files.createDirectory(source.resolve("train/zebra"));
    failed(prepare(source, folder.resolve("empty-class-data")), 3, "zebra");
  }

  @Test
  void textFileNamedJpg() throws IOException {
    Path source = copyOfRaw("with-text-file");
    Files.writeString(source.resolve("train/circle/notes.jpg"), "this is a shopping list\n");
    Path data = folder.resolve("text-file-data");
    failed(prepare(source, data), 3, "train/circle/notes.jpg", "1 ");
    assertThat(data.resolve("manifest.json")).doesNotExist();
    assertThat(CommandLine.result(data).get("status")).isEqualTo("failed");
    assertThat(Files.readString(data.resolve("quarantine.tsv")))
        .contains("train/circle/notes.jpg\tNOT_AN_IMAGE\tis neither JPEG nor PNG");
  }

  @Test
  void missingDatasetIsAResultToo() throws IOException {
    Path run = folder.resolve("no-data-run");
    failed(train(folder.resolve("no-data"), run), 3, "no-data");
    assertThat(CommandLine.result(run).get("status")).isEqualTo("failed");
    assertThat(((Map<?, ?>) CommandLine.result(run).get("error")).get("category"))
        .isEqualTo("data");
    assertThat(train(dataset, run).exitCode()).isZero();
    assertThat(CommandLine.result(run).get("status")).isEqualTo("succeeded");
  }

  @Test
  void truncatedShard() throws IOException {
    Path copy = folder.resolve("truncated");
    FileUtils.copyDirectory(dataset.toFile(), copy.toFile());
    try (Stream<Path> files = Files.walk(copy)) {
      Path shard =
          files
              .filter(file -> file.getFileName().toString().startsWith("train-"))
              .findFirst()
              .orElseThrow();
      byte[] bytes = Files.readAllBytes(shard);
      Files.write(shard, Arrays.copyOf(bytes, bytes.length / 2));
      Files.deleteIfExists(shard.resolveSibling("." + shard.getFileName() + ".crc"));
      failed(
          train(copy, folder.resolve("truncated-run")),
          3,
          shard.getFileName().toString(),
          Integer.toString(bytes.length),
          Integer.toString(bytes.length / 2));
    }
  }

  @Test
  void outputThatHoldsSomethingElse() throws IOException {
    Path occupied = Files.createDirectory(folder.resolve("holiday-pictures"));
    Files.writeString(occupied.resolve("beach.txt"), "sand");
    Map<String, String> before = hashes(folder.resolve("holiday-pictures"));
    failed(train(dataset, occupied), 2, "holds something else", "beach.txt");
    failed(prepare(raw, occupied), 2, "holds something else", "beach.txt");
    failed(train(dataset, dataset), 2, "holds something else");
    assertThat(hashes(occupied)).isEqualTo(before);
  }

  @Test
  void aRunOfAnotherConfigurationIsNeitherResumedNorLost() throws IOException {
    Path run = folder.resolve("mine");
    assertThat(train(dataset, run).exitCode()).isZero();
    Map<String, String> before = hashes(run);
    failed(
        train(dataset, run, "--set=train.seed=2", "--set=schedule.base-lr=0.2"),
        2,
        "train.seed: is 2, but the run in ",
        "schedule.base-lr: is 0.2, but the run in ");
    assertThat(hashes(run)).isEqualTo(before);
  }

  @Test
  void aDatasetWithoutTheSplitNamesThoseItHas() {
    failed(
        train(dataset, folder.resolve("no-split"), "--set=train.validation-split=dev"),
        3,
        "no split \"dev\"; it has ",
        "validation");
  }

  @Test
  void fewerSamplesThanAGlobalBatch() {
    failed(
        train(dataset, folder.resolve("too-few"), "--set=train.global-batch=4800"),
        3,
        "the split that trains (train.split) has 144 samples, fewer than one global batch of 4800");
  }

  @Test
  void aPictureThatIsNone() throws IOException {
    Path run = folder.resolve("for-prediction");
    assertThat(train(dataset, run).exitCode()).isZero();
    Path text = Files.writeString(folder.resolve("letter.jpg"), "Dear madam");
    String model = "--set=model.path=" + run;
    failed(CommandLine.run("predict", model, text.toString()), 3, "letter.jpg");
    failed(CommandLine.run("predict", model, "/no/such.jpg"), 3, "there is no image");
    failed(
        CommandLine.run("predict", "--set=model.path=" + folder.resolve("raw"), text.toString()),
        3,
        "there is no model at ");
  }

  /** A real full disk: a small tmpfs, where the machine lets us mount one. */
  @Test
  void fullDisk() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("small-disk"));
    int mounted =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", disk.toString())
            .start()
            .waitFor();
    if (mounted != 0) {
      System.out.println("skipped: this user may not mount a tmpfs");
    }
    assumeThat(mounted).isZero();
    try {
      failed(prepare(raw, disk.resolve("data")), 4, "the disk is full");
      Path run = disk.resolve("run");
      failed(train(dataset, run), 4, "the disk is full");
      // What was written before is whole: the next start goes on from it.
      try (Stream<Path> files = Files.walk(disk)) {
        assertThat(files.map(Path::toString)).noneMatch(name -> name.contains(".tmp-"));
      }
    } finally {
      // Hadoop leaves a file open whose last bytes found no room.
      new ProcessBuilder("umount", "--lazy", disk.toString()).start().waitFor();
    }
  }

  @Test
  void usageAndConfigurationProblems() {
    assertThat(CommandLine.run().exitCode()).isEqualTo(2);
    assertThat(CommandLine.run("tranie").exitCode()).isEqualTo(2);
    assertThat(CommandLine.run("--help").exitCode()).isZero();
    assertThat(CommandLine.run("train", "--help").out()).contains("data.path, output.path");
    CommandLine.Said said =
        CommandLine.run("train", "--set=train.epoch=3", "--set=model.name=lenet-5");
    failed(
        said,
        2,
        "train.epoch: is not a setting (--set); did you mean train.epochs?",
        "model.name: is \"lenet-5\"",
        "data.path: is not set");
  }

  private static Map<String, String> hashes(Path top) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(top)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        hashes.put(top.relativize(file).toString(), Sha256.of(Files.readAllBytes(file)));
      }
    }
    return hashes;
  }
}
