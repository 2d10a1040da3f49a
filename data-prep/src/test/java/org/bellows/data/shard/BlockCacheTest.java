// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.data.TestDatasets;
import org.bellows.data.TestSettings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.Shard;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
class BlockCacheTest {
  private static final long PLENTY = 1 << 30;

  @TempDir Path folder;

  private final Configuration hadoop = RemoteFileSystem.configuration();
  private DatasetManifest manifest;
  private RemoteFileSystem remote;

  @BeforeEach
  void write() throws IOException {
    manifest = TestDatasets.write(folder.resolve("dataset"), 16, 700, 1, 500);
    remote = RemoteFileSystem.of(hadoop);
  }

  @Test
  void theSecondEpochReadsNothingFromRemote() throws IOException {
    try (BlockCache cache = new BlockCache(folder.resolve("cache").toString(), PLENTY)) {
      assertThat(readAll("remote", cache)).isPositive();
      assertThat(cache.bytes()).isGreaterThan(1201 * 64);
      // With a reader that never opened a file, as in the next segment of a run.
      assertThat(readAll("remote", cache)).isZero();
      // What lies there has no name, so that nobody has to tidy up after a process that was killed.
      try (var files = Files.list(folder.resolve("cache"))) {
        assertThat(files).isEmpty();
      }
    }
  }

  @Test
  void beyondTheQuotaBlocksComeFromRemoteAndStayRight() throws IOException {
    try (BlockCache cache = new BlockCache("", 40_000)) {
      readAll("remote", cache);
      long bytes = cache.bytes();
      assertThat(bytes).isBetween(20_000L, 40_000L);
      assertThat(readAll("remote", cache)).isPositive();
      assertThat(cache.bytes()).isEqualTo(bytes);
    }
  }

  @Test
  void servesNoOtherShard() throws IOException {
    try (BlockCache cache = new BlockCache("", PLENTY)) {
      readAll("remote", cache);
      Shard first = manifest.split("train").shards().get(0);
      Shard other = new Shard(first.path(), first.bytes(), "0".repeat(64), first.blockSamples());
      assertThat(cache.read(first, 0, 0)).isPresent();
      assertThat(cache.read(other, 0, 0)).isEmpty();
      assertThat(cache.read(first, 10_000, 0)).isEmpty();
    }
  }

  @Test
  void aDiskThatFailsCostsTheCacheAndNotTheRun() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    try (BlockCache cache = new BlockCache(file.resolve("below").toString(), PLENTY)) {
      assertThat(readAll("remote", cache)).isPositive();
      assertThat(readAll("remote", cache)).isPositive();
      assertThat(cache.bytes()).isZero();
    }
  }

  @Test
  void localDatasetsAreNotCached() throws IOException {
    try (BlockCache cache = new BlockCache("", PLENTY)) {
      readAll("file", cache);
      assertThat(cache.bytes()).isZero();
    }
  }

  @Test
  void settingsChooseIt() throws IOException {
    try (BlockCache none = BlockCache.of(TestSettings.of().data());
        BlockCache disk =
            BlockCache.of(
                TestSettings.of("data.cache=local-disk", "data.cache-mebibytes=1").data())) {
      readAll("remote", none);
      assertThat(none.bytes()).isZero();
      readAll("remote", disk);
      assertThat(disk.bytes()).isPositive();
    }
  }

  /** Compares every sample; returns how many files were opened for that. */
  private int readAll(String scheme, BlockCache cache) {
    int before = remote.opened();
    String path = scheme + "://" + folder.resolve("dataset");
    DatasetReader reader = new DatasetReader(hadoop, path, manifest, "train", cache);
    try (BlockReader blocks = reader.openBlocks()) {
      for (int block = reader.blocks() - 1; block >= 0; block--) {
        List<EncodedSample> samples = reader.read(blocks, block);
        for (int row = 0; row < samples.size(); row++) {
          assertThat(samples.get(row))
              .usingRecursiveComparison()
              .isEqualTo(TestDatasets.sample(reader.firstSampleId(block) + row));
        }
      }
    }
    return remote.opened() - before;
  }
}
