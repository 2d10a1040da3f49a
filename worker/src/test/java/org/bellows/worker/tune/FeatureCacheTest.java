// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bellows.conf.ErrorCategory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("instructions")
class FeatureCacheTest {
  @TempDir Path folder;

  private FeatureCache cache(long limitBytes) {
    return new FeatureCache(folder.resolve("new").toString(), 10, 3, limitBytes);
  }

  @Test
  void givesBackTheSameBitsAndLeavesNoFile() throws IOException {
    try (FeatureCache cache = cache(1000)) {
      float[] odd = {-0f, Float.MIN_VALUE, 1 / 3f};
      cache.put(7, new float[] {1, 2, 3});
      cache.put(2, odd);
      cache.put(7, new float[] {9, 9, 9});
      float[] out = new float[8];
      assertThat(cache.read(2, out, 1)).isTrue();
      assertThat(cache.read(7, out, 5)).isTrue();
      assertThat(out).containsExactly(0, -0f, Float.MIN_VALUE, 1 / 3f, 0, 1, 2, 3);
      assertThat(cache.read(3, out, 0)).isFalse();
      assertThat(cache.length()).isEqualTo(3);
      try (var files = Files.list(folder.resolve("new"))) {
        assertThat(files).isEmpty();
      }
    }
  }

  /** Two samples of 12 bytes go into 35. */
  @Test
  void keepsNoMoreThanItMay() {
    try (FeatureCache cache = cache(35)) {
      for (int sample = 0; sample < 4; sample++) {
        cache.put(sample, new float[] {sample, 0, 0});
      }
      float[] out = new float[3];
      assertThat(cache.read(1, out, 0)).isTrue();
      assertThat(out[0]).isEqualTo(1);
      assertThat(cache.read(2, out, 0)).isFalse();
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    try (FeatureCache cache = new FeatureCache(file.resolve("in").toString(), 10, 3, 1000)) {
      assertThatThrownBy(() -> cache.put(0, new float[3]))
          .hasMessageStartingWith("cannot cache the frozen layers' output in " + file)
          .hasMessageEndingWith("; model.frozen-cache-mebibytes = 0 trains without the cache")
          .extracting("category")
          .isEqualTo(ErrorCategory.CONFIGURATION);
    }
  }
}
