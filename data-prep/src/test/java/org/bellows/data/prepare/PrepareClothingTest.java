// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.Settings;
import org.bellows.conf.part.PrepareSettings;
import org.bellows.data.TestData;
import org.bellows.data.TestSettings;
import org.bellows.data.batch.InputSpec;
import org.bellows.data.batch.TrainingTransform;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.shard.BlockReader;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.EncodedSample;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real photographs as a tree. */
@Tag("integration")
class PrepareClothingTest {
  @TempDir Path folder;

  @Test
  void preparesAndDecodesPhotographs() {
    Path source = TestData.require("clothing10");
    Settings settings =
        TestSettings.prepare(
            source,
            folder.resolve("prepared"),
            "augment.crop=random-resized",
            "augment.scale-min=0.35",
            "model.height-pixels=64",
            "model.width-pixels=64");
    PrepareSummary summary;
    try (JavaSparkContext spark = TestSpark.local(2)) {
      summary = PrepareJob.run(spark, PrepareSettings.of(settings), progress -> {});
    }
    System.out.printf("prepare clothing10: %.1f s%n", summary.seconds());
    assertThat(summary.images()).isEqualTo(1000 + 341 + 372);
    assertThat(summary.classes())
        .containsExactly(
            "dress",
            "hat",
            "longsleeve",
            "outwear",
            "pants",
            "shirt",
            "shoes",
            "shorts",
            "skirt",
            "t-shirt");
    DatasetManifest manifest = summary.manifest();
    assertThat(manifest.split("train").mean()).allMatch(mean -> mean > 0.4 && mean < 0.8);
    DatasetReader train =
        new DatasetReader(new Configuration(), settings.data().path(), manifest, "train");
    TrainingTransform transform =
        new TrainingTransform(InputSpec.of(settings.augment(), settings.model(), train.split(), 1));
    float[] out = new float[3 * 64 * 64];
    double nanoseconds = 0;
    int images = 0;
    try (BlockReader blocks = train.openBlocks()) {
      for (int block = 0; block < train.blocks(); block++) {
        List<EncodedSample> samples = train.read(blocks, block);
        long start = System.nanoTime();
        for (EncodedSample sample : samples) {
          transform.apply(sample, 0, out, 0);
        }
        // The first blocks warm the compiler up.
        if (block >= train.blocks() / 4) {
          nanoseconds += System.nanoTime() - start;
          images += samples.size();
        }
      }
    }
    System.out.printf(
        "clothing10 random-resized 64x64, one thread: %.0f images/s%n", images / nanoseconds * 1e9);
  }
}
