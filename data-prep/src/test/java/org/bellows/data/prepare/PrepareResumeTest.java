// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.part.PrepareSettings;
import org.bellows.data.TestImages;
import org.bellows.data.TestSettings;
import org.bellows.data.TestTree;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.prepare.shard.ProgressListener;
import org.bellows.data.prepare.shard.ProgressListener.Done;
import org.bellows.data.storage.Sha256;
import org.bellows.testing.ObjectDisk;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are cut off, go on, or meet one another. */
@Tag("integration")
class PrepareResumeTest {
  private static JavaSparkContext spark;

  @TempDir Path folder;
  private Path source;
  private Path target;

  @BeforeAll
  static void startSpark() {
    spark = TestSpark.local(2);
    FailingFileSystem.register(spark.hadoopConfiguration());
  }

  @AfterAll
  static void stopSpark() {
    spark.close();
  }

  /** About 6 MB: six shards of a mebibyte, and one of the other split; one file is bad. */
  @BeforeEach
  void writeSource() throws IOException {
    source = folder.resolve("source");
    target = folder.resolve("target");
    TestTree.write(source);
    byte[] large = TestImages.png(PrepareTreeTest.noise());
    for (int i = 0; i < 12; i++) {
      TestTree.put(source, "train/cat/large" + i + ".png", large);
    }
    TestTree.put(source, "train/dog/bad.jpg", new byte[] {1, 2, 3});
    spark.hadoopConfiguration().unset(FailingFileSystem.SHARDS);
    spark.hadoopConfiguration().unset(FailingFileSystem.UNREADABLE);
    spark.hadoopConfiguration().unset(FailingFileSystem.FAULTY);
    spark.hadoopConfiguration().unset(FailingFileSystem.FORBIDDEN);
  }

  private PrepareSummary prepare(Path to, ProgressListener listener, String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "source.path=failing:" + source,
                "data.path=failing:" + to,
                "prepare.shard-mebibytes=1",
                "data.max-bad-fraction=0.1"));
    settings.addAll(List.of(more));
    return PrepareJob.run(
        spark, PrepareSettings.of(TestSettings.of(settings.toArray(String[]::new))), listener);
  }

  @Test
  void goesOnFromTheShardsThatAreFinished() throws IOException {
    PrepareSummary whole = prepare(folder.resolve("whole"), progress -> {});
    assertThat(whole.shards()).isGreaterThanOrEqualTo(5);
    assertThat(whole.reusedShards()).isZero();

    spark.hadoopConfiguration().setInt(FailingFileSystem.SHARDS, 3);
    assertThatThrownBy(() -> prepare(target, progress -> {}))
        .isInstanceOf(BellowsException.class)
        .hasMessageStartingWith("writing failing:" + target + "/.prepare-")
        .hasMessageEndingWith("failed: the data node is gone")
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.INFRASTRUCTURE);
    assertThat(target.resolve("manifest.json")).doesNotExist();
    Path work = only(target, ".prepare-");
    assertThat(files(work.resolve("attempts"))).isEmpty();
    Map<String, String> finished = hashes(work.resolve("shards"));
    assertThat(finished.size()).isGreaterThanOrEqualTo(3);
    // One of them is damaged meanwhile, without a change of its length.
    Path damaged = work.resolve("shards").resolve(finished.keySet().iterator().next());
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[bytes.length / 2] ^= 1;
    Files.write(damaged, bytes);

    spark.hadoopConfiguration().unset(FailingFileSystem.SHARDS);
    List<Done> progress = new ArrayList<>();
    PrepareSummary resumed = prepare(target, progress::add);
    assertThat(resumed.reusedShards()).isEqualTo(finished.size() - 1);
    assertThat(resumed.writtenImages()).isPositive().isLessThan(resumed.images());
    assertThat(progress.get(progress.size() - 1).images()).isEqualTo(63);
    assertThat(ManifestFile.sha256(resumed.manifest()))
        .isEqualTo(ManifestFile.sha256(whole.manifest()));
    assertThat(hashes(target.resolve("shards"))).isEqualTo(hashes(folder.resolve("whole/shards")));
    assertThat(Files.readString(target.resolve("quarantine.tsv")))
        .isEqualTo(Files.readString(folder.resolve("whole/quarantine.tsv")));
    assertThat(files(target))
        .containsExactlyInAnyOrder("manifest.json", "quarantine.tsv", "shards");
    assertThat(prepare(target, now -> {}).alreadyPrepared()).isTrue();
  }

  @Test
  void anotherSourceDoesNotTakeOverOldShards() throws IOException {
    spark.hadoopConfiguration().setInt(FailingFileSystem.SHARDS, 3);
    assertThatThrownBy(() -> prepare(target, progress -> {})).isInstanceOf(BellowsException.class);
    spark.hadoopConfiguration().unset(FailingFileSystem.SHARDS);
    TestTree.put(source, "train/cat/another.jpg", TestImages.jpeg(9, 9));
    PrepareSummary other = prepare(target, progress -> {});
    assertThat(other.reusedShards()).isZero();
    assertThat(ManifestFile.sha256(other.manifest()))
        .isEqualTo(ManifestFile.sha256(prepare(folder.resolve("b"), progress -> {}).manifest()));
    // The rest of the first attempt is gone.
    assertThat(files(target))
        .containsExactlyInAnyOrder("manifest.json", "quarantine.tsv", "shards");
  }

  /** The driver died between moving the shards into place and writing the manifest. */
  @Test
  void goesOnFromHalfACommit() throws IOException {
    spark.hadoopConfiguration().setInt(FailingFileSystem.SHARDS, 3);
    assertThatThrownBy(() -> prepare(target, progress -> {})).isInstanceOf(BellowsException.class);
    spark.hadoopConfiguration().unset(FailingFileSystem.SHARDS);
    Files.move(only(target, ".prepare-").resolve("shards"), target.resolve("shards"));
    PrepareSummary resumed = prepare(target, progress -> {});
    assertThat(resumed.reusedShards()).isGreaterThanOrEqualTo(3);
    assertThat(ManifestFile.sha256(resumed.manifest()))
        .isEqualTo(ManifestFile.sha256(prepare(folder.resolve("b"), progress -> {}).manifest()));
  }

  /** Shards are written where they stay, and are found there. */
  @Test
  void goesOnInAnObjectStore() throws IOException {
    ObjectDisk.register(spark.hadoopConfiguration());
    String path = "data.path=" + ObjectDisk.path(target);
    assertThatThrownBy(() -> prepare(target, progress -> {}, path, "data.max-bad-fraction=0.0001"))
        .isInstanceOf(BellowsException.class)
        .hasMessageContaining("1 of 63 images");
    Path shards = only(target.resolve("shards"), "");
    Map<String, String> finished = hashes(shards);
    ObjectDisk.requests();
    PrepareSummary resumed = prepare(target, progress -> {}, path);
    assertThat(resumed.reusedShards()).isEqualTo(finished.size());
    assertThat(resumed.writtenImages()).isZero();
    assertThat(ObjectDisk.requests())
        .contains("PUT manifest.json")
        .noneMatch(request -> request.startsWith("COPY") || request.endsWith(".parquet"));
    PrepareSummary local = prepare(folder.resolve("local"), progress -> {});
    assertThat(ManifestFile.sha256(resumed.manifest()))
        .isEqualTo(ManifestFile.sha256(local.manifest()));
    assertThat(hashes(shards)).isEqualTo(hashes(folder.resolve("local/shards")));
    assertThat(Files.readString(target.resolve("quarantine.tsv")))
        .isEqualTo(Files.readString(folder.resolve("local/quarantine.tsv")));
    assertThat(files(target))
        .containsExactlyInAnyOrder("manifest.json", "quarantine.tsv", "shards");
  }

  @Test
  void aFileThatCannotBeReadForNowIsNamed() {
    spark.hadoopConfiguration().set(FailingFileSystem.UNREADABLE, "7.JPEG");
    assertThatThrownBy(() -> prepare(target, progress -> {}))
        .isInstanceOf(BellowsException.class)
        .hasMessageMatching(
            "reading train/(cat|dog)/7\\.JPEG of the source failed: Connection reset by peer")
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.INFRASTRUCTURE);
  }

  /** Neither heals by trying again, and neither may cost the other images. */
  @Test
  void whatOneFileAloneCannotDoIsThatFilesRefusal() throws IOException {
    spark.hadoopConfiguration().set(FailingFileSystem.FAULTY, "7.JPEG");
    spark.hadoopConfiguration().set(FailingFileSystem.FORBIDDEN, "8.JPEG");
    PrepareSummary summary = prepare(target, progress -> {});
    assertThat(summary.refused()).containsEntry("FAULT", 2L).containsEntry("UNREADABLE", 2L);
    assertThat(Files.readString(target.resolve("quarantine.tsv")))
        .contains(
            "train/cat/7.JPEG\tFAULT\tcould not be handled, which is a fault of Bellows:"
                + " java.lang.IllegalStateException: a library's fault\n",
            "train/dog/8.JPEG\tUNREADABLE\tcannot be read: Permission denied: user=nobody\n");
  }

  @Test
  void ofTwoRunsAtOnceOneIsToldAndTheOtherIsWhole() throws Exception {
    Path lease = target.resolve(".prepare-lease");
    List<Throwable> told = new ArrayList<>();
    Thread second =
        new Thread(
            () -> {
              try {
                // The folder is there before the token: until then the second could be the first.
                while (files(lease).stream().noneMatch(name -> name.endsWith(".json"))) {
                  Thread.sleep(5);
                }
                prepare(target, progress -> {});
              } catch (IOException | InterruptedException | RuntimeException e) {
                told.add(e);
              }
            });
    second.start();
    PrepareSummary first = prepare(target, progress -> {});
    second.join();
    // The second either met the first one's lease, or came when all was done.
    assertThat(told)
        .allSatisfy(
            e ->
                assertThat(e)
                    .hasMessageStartingWith(
                        "data.path failing:"
                            + target
                            + " is being prepared by another run (on host "));
    assertThat(ManifestFile.sha256(first.manifest()))
        .isEqualTo(ManifestFile.sha256(prepare(folder.resolve("b"), progress -> {}).manifest()));
    assertThat(files(target))
        .containsExactlyInAnyOrder("manifest.json", "quarantine.tsv", "shards");
  }

  private static Path only(Path in, String prefix) throws IOException {
    return in.resolve(
        files(in).stream().filter(name -> name.startsWith(prefix)).findFirst().orElseThrow());
  }

  private static List<String> files(Path in) throws IOException {
    if (!Files.exists(in)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(in)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static Map<String, String> hashes(Path in) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    for (String name : files(in)) {
      hashes.put(name, Sha256.of(Files.readAllBytes(in.resolve(name))));
    }
    return hashes;
  }
}
