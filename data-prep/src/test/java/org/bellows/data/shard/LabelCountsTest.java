// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.data.TestDatasets;
import org.bellows.data.manifest.DatasetManifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelCountsTest {
  private final Configuration hadoop = new Configuration();

  @TempDir Path folder;

  private long[] counts(DatasetManifest manifest) {
    return LabelCounts.of(hadoop, folder.toString(), manifest, "train");
  }

  /** Labels go round: 0, 1, 2, 3, 0, ... over 1,000 + 1 + 501 samples. */
  @Test
  void countsTheSamplesOfEachClassInAllShards() throws IOException {
    DatasetManifest manifest = TestDatasets.write(folder, 16, 1000, 1, 501);
    assertThat(manifest.split("train").blockSamples()).hasSizeGreaterThan(3);
    assertThat(counts(manifest)).containsExactly(376, 376, 375, 375);
  }

  @Test
  void aLabelThatTheManifestDoesNotKnowIsRefused() throws IOException {
    DatasetManifest manifest = TestDatasets.write(folder, 16, 10);
    DatasetManifest fewer =
        new DatasetManifest(1, List.of("a", "b", "c"), manifest.splits(), manifest.provenance());
    assertThatThrownBy(() -> counts(fewer))
        .hasMessage("shard file:%s holds the label 3, allowed: 0 to 2", shard());
  }

  @Test
  void aShardOfAnotherManifestOrADamagedOneIsNamed() throws IOException {
    DatasetManifest manifest = TestDatasets.write(folder, 16, 10);
    Files.delete(shard());
    TestDatasets.write(folder, 16, 12);
    assertThatThrownBy(() -> counts(manifest))
        .hasMessageMatching(
            "shard file:%s has \\d+ bytes, the manifest says \\d+".formatted(shard()));
    byte[] whole = Files.readAllBytes(shard());
    Files.delete(folder.resolve("shards/.train-00000.parquet.crc"));
    Files.write(shard(), Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> counts(manifest)).hasMessageContaining("shard file:" + shard());
    Files.delete(shard());
    assertThatThrownBy(() -> counts(manifest)).hasMessage("shard file:%s is missing", shard());
  }

  private Path shard() {
    return folder.resolve("shards/train-00000.parquet");
  }
}
