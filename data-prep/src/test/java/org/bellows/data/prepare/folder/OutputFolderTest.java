// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.Settings;
import org.bellows.data.TestDatasets;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.DatasetVerifier;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.manifest.Shard;
import org.bellows.data.manifest.Split;
import org.bellows.data.storage.lease.Lease;
import org.bellows.data.storage.lease.LeaseTerms;
import org.bellows.data.storage.lease.LostLeaseException;
import org.bellows.testing.ObjectDisk;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may write to a dataset. */
@Tag("integration")
@Timeout(60)
class OutputFolderTest {
  private static final LeaseTerms SHORT = LeaseTerms.watching(Duration.ofSeconds(1));
  private static final LeaseTerms LONG = LeaseTerms.watching(Duration.ofMinutes(1));
  private static final Duration OLDER_SILENCE = Duration.ofSeconds(1);
  private static final String OURS = "0123456789abcdef0";
  private static final String THEIRS = "fedcba98765432100";

  @TempDir Path folder;

  private final Configuration hadoop = new Configuration();
  private Path data;
  private OutputFolder output;

  @BeforeEach
  void openFolder() throws IOException {
    data = Files.createDirectories(folder.resolve("data"));
    output = new OutputFolder(hadoop, data.toString());
  }

  private Lease take(LeaseTerms terms) throws IOException {
    return output.take(terms, OLDER_SILENCE);
  }

  private static List<String> names(Path in) throws IOException {
    try (Stream<Path> files = Files.list(in)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void ofTwoRunsOneIsTold() throws IOException {
    try (Lease first = take(SHORT)) {
      assertBusy(".+");
      first.requireHeld();
    }
    assertThat(names(data)).isEmpty();
    take(SHORT).close();
  }

  private void assertBusy(String host) {
    assertThatThrownBy(() -> take(SHORT))
        .isInstanceOf(BellowsException.class)
        .hasMessageMatching(
            "data.path file:.*/data is being prepared by another run \\(on host %s\\); wait for it, or give another data.path"
                .formatted(host))
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.CONFIGURATION);
  }

  /** As builds up to November 2026 wrote it. */
  @Test
  void aRunOfAnOlderBuildThatIsAliveIsNotDisturbed() throws IOException {
    ScheduledExecutorService older = Executors.newSingleThreadScheduledExecutor();
    try {
      int[] count = {0};
      older.scheduleWithFixedDelay(() -> claim(count[0]++), 0, 100, TimeUnit.MILLISECONDS);
      while (!Files.exists(data.resolve(OlderClaim.NAME))) {
        Thread.onSpinWait();
      }
      assertBusy("(older-host|unknown)");
    } finally {
      older.shutdownNow();
    }
    assertThat(names(data)).containsExactly(OlderClaim.NAME);
  }

  private void claim(int count) {
    try {
      Files.writeString(
          data.resolve(OlderClaim.NAME),
          "{\"run\":\"older\",\"host\":\"older-host\",\"count\":%d}".formatted(count));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aRunOfAnOlderBuildThatIsDeadIsSucceeded() throws IOException {
    for (String odd : List.of("{\"run\":\"gone\",\"host\":\"gone\",\"count\":7}", "null", "")) {
      Files.writeString(data.resolve(OlderClaim.NAME), odd);
      try (Lease lease = output.take(SHORT, Duration.ofMillis(200))) {
        lease.requireHeld();
        assertThat(data.resolve(OlderClaim.NAME)).as(odd).doesNotExist();
      }
    }
  }

  /** It was paused when all shards were there, and wakes up after another run took over. */
  @Test
  void aRunThatWasReplacedWritesNoManifest() throws IOException {
    DatasetManifest manifest = TestDatasets.write(folder.resolve("other"), 64, 3);
    Lease paused = take(LONG);
    StagingFolder ours = work(OURS, manifest);
    ageLease(1);
    Lease next = take(LONG);
    StagingFolder theirs = work(THEIRS, manifest);
    assertThatThrownBy(() -> output.commit(ours, manifest, paused))
        .isInstanceOf(LostLeaseException.class)
        .hasMessageContaining("/.prepare-lease was taken over by another start (process ");
    assertThat(output.dataset()).isEmpty();
    assertThat(data.resolve("shards")).doesNotExist();
    paused.close();
    output.commit(theirs, manifest, next);
    next.close();
    assertThat(names(data)).containsExactly(".manifest.json.crc", "manifest.json", "shards");
    assertThat(ManifestFile.read(hadoop, data.toString())).isEqualTo(manifest);
    assertThatThrownBy(() -> output.commit(ours, manifest, paused))
        .isInstanceOf(LostLeaseException.class);
    assertThat(names(data)).containsExactly(".manifest.json.crc", "manifest.json", "shards");
  }

  /** Its shards came into place in the moment in which it was replaced: nothing is mixed. */
  @Test
  void shardsThatAnotherRunMovedIntoPlaceAreNotAddedTo() throws IOException {
    DatasetManifest manifest = TestDatasets.write(folder.resolve("other"), 64, 3);
    try (Lease lease = take(LONG)) {
      StagingFolder work = work(OURS, manifest);
      Files.createDirectories(data.resolve("shards"));
      Files.writeString(data.resolve("shards/theirs.parquet"), "theirs");
      assertThatThrownBy(() -> output.commit(work, manifest, lease))
          .hasMessageEndingWith(
              "/data/shards came to be while the shards of this run were written: another run moved"
                  + " its own there; start again");
      assertThat(names(data.resolve("shards"))).containsExactly("theirs.parquet");
      output.commit(work(OURS, manifest), manifest, lease);
    }
    assertThat(names(data)).containsExactly(".manifest.json.crc", "manifest.json", "shards");
    assertThat(names(data.resolve("shards"))).doesNotContain("theirs.parquet");
  }

  /** In stores where a rename is a copy, shards are written where they stay. */
  @Test
  void inAnObjectStoreNothingIsMoved() throws IOException {
    Configuration store = ObjectDisk.configuration();
    output = new OutputFolder(store, ObjectDisk.path(data).toString());
    DatasetManifest manifest = TestDatasets.write(folder.resolve("other"), 64, 3);
    try (Lease lease = take(LONG)) {
      StagingFolder others = work(THEIRS, manifest);
      StagingFolder work = work(OURS, manifest);
      assertThat(work.place()).isEqualTo("shards/" + OURS.substring(0, 16));
      assertThat(work.shardOf("train-00000", ".run.1"))
          .isEqualTo(new org.apache.hadoop.fs.Path(work.shardFolder(), "train-00000.parquet"));
      Files.writeString(
          Path.of(work.shardFolder().toUri().getPath()).resolve("stray.parquet"), "stray");
      ObjectDisk.requests();
      DatasetManifest placed = placed(manifest, work.place());
      output.commit(work, placed, lease);
      assertThat(ObjectDisk.requests())
          .contains("PUT manifest.json", "DELETE stray.parquet")
          .noneMatch(request -> request.startsWith("COPY"));
      assertThat(Path.of(others.shardFolder().toUri().getPath())).doesNotExist();
      DatasetManifest read = ManifestFile.read(store, ObjectDisk.path(data).toString());
      DatasetVerifier.verify(
          store, ObjectDisk.path(data).toString(), read, List.of("train"), Settings.Verify.SHA256);
      assertThat(ManifestFile.sha256(read)).isEqualTo(ManifestFile.sha256(manifest));
    }
    assertThat(names(data)).containsExactly("manifest.json", "shards");
  }

  private static DatasetManifest placed(DatasetManifest manifest, String place) {
    Split split = manifest.splits().get(0);
    List<Shard> shards =
        split.shards().stream()
            .map(
                shard ->
                    new Shard(
                        shard.path().replaceFirst("^shards", place),
                        shard.bytes(),
                        shard.sha256(),
                        shard.blockSamples()))
            .toList();
    return DatasetManifest.of(
        manifest.classes(),
        List.of(
            new Split(
                split.name(),
                split.samples(),
                split.bytes(),
                split.mean(),
                split.standardDeviation(),
                shards)),
        List.of(),
        manifest.provenance());
  }

  /** With all shards of the dataset. */
  private StagingFolder work(String fingerprint, DatasetManifest manifest) throws IOException {
    StagingFolder work = output.open(fingerprint);
    for (String name : names(folder.resolve("other/shards"))) {
      Files.copy(
          folder.resolve("other/shards").resolve(name),
          Path.of(work.shardFolder().toUri().getPath()).resolve(name),
          StandardCopyOption.REPLACE_EXISTING);
    }
    assertThat(manifest.splits()).hasSize(1);
    return work;
  }

  private void ageLease(int token) throws IOException {
    Files.setLastModifiedTime(
        data.resolve(".prepare-lease/" + token + ".json"),
        FileTime.fromMillis(System.currentTimeMillis() - Duration.ofDays(1).toMillis()));
  }
}
