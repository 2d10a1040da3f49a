// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.Settings;
import org.bellows.data.TestDatasets;
import org.bellows.data.TestImages;
import org.bellows.data.TestSettings;
import org.bellows.data.batch.EvaluationBatches.BatchSelection;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.manifest.Split;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationBatchesTest {
  @TempDir Path folder;

  private DatasetReader dataset;
  private InputSpec input;

  @BeforeEach
  void write() throws IOException {
    dataset =
        new DatasetReader(
            new Configuration(),
            folder.toString(),
            TestDatasets.write(folder, 16, 300, 211),
            "train");
    input = spec();
  }

  private InputSpec spec(String... more) {
    List<String> assignments =
        new ArrayList<>(
            List.of("model.channels=1", "model.height-pixels=8", "model.width-pixels=8"));
    assignments.addAll(List.of(more));
    Settings settings = TestSettings.of(assignments.toArray(String[]::new));
    return InputSpec.of(settings.augment(), settings.model(), dataset.split(), 4);
  }

  @Test
  void coverTheSplitInOrderWithASmallerLastBatch() {
    List<EvaluationBatch> batches = all(BatchSelection.ofWorker(511, 100, 0, 1));
    assertThat(batches).extracting(EvaluationBatch::index).containsExactly(0, 1, 2, 3, 4, 5);
    for (EvaluationBatch batch : batches) {
      int first = batch.index() * 100;
      long[] ids = LongStream.range(first, Math.min(511, first + 100)).toArray();
      assertThat(batch.sampleIds()).isEqualTo(ids);
      assertThat(batch.targets().samples()).isEqualTo(ids.length);
      assertThat(batch.pixels()).hasSize(ids.length * 64);
      assertThat(batch.samples()).hasSize(ids.length);
      // mean 0.5, deviation 0.25
      assertThat(batch.pixels()[3])
          .isEqualTo(((batch.samples().get(0).image()[3] & 0xFF) / 255f - 0.5f) / 0.25f);
    }
    assertThat(batches.get(5).sampleIds()).hasSize(11);
  }

  @Test
  void anyBatchesInAnyOrderCanBeAskedFor() {
    List<EvaluationBatch> batches = all(new BatchSelection(64, new int[] {7, 0, 3}));
    assertThat(batches).extracting(EvaluationBatch::index).containsExactly(7, 0, 3);
    assertThat(batches.get(0).sampleIds()[0]).isEqualTo(448);
    assertThat(all(BatchSelection.ofWorker(511, 64, 1, 3)))
        .extracting(EvaluationBatch::index)
        .containsExactly(1, 4, 7);
    assertThat(all(BatchSelection.ofWorker(511, 511, 1, 3))).isEmpty();
    assertThatThrownBy(() -> all(new BatchSelection(64, new int[] {8}))).hasMessage("batch 8 of 8");
  }

  @Test
  void onePictureGoesTheSameWay() {
    EvaluationBatch batch = all(new BatchSelection(10, new int[] {0})).get(0);
    assertThat(evaluated(batch.samples().get(0))).isEqualTo(Arrays.copyOf(batch.pixels(), 64));

    byte[] colour = TestImages.counting(30, 20, 3).interleaved();
    EncodedSample sample = new EncodedSample(7, 0, Encoding.RAW8, 30, 20, 3, "x", colour);
    RasterImage seen = new PicturePreview(input).of(evaluated(sample), 0);
    assertThat(seen.channels()).isEqualTo(1);
    RasterImage read = new ImageDecoder(1000).decode(PicturePreview.png(seen));
    assertThat(read.at(4, 5, 0)).isEqualTo(seen.at(4, 5, 0));
  }

  /** Ten views one behind the other, each what its own rule makes of the picture. */
  @Test
  void tenCropGivesTenViewsOfEachSample() {
    input =
        spec(
            "augment.evaluation-crop=ten-crop",
            "augment.resize-pixels=8",
            "model.height-pixels=6",
            "model.width-pixels=6");
    EvaluationBatch batch = all(new BatchSelection(3, new int[] {1})).get(0);
    assertThat(batch.views()).isEqualTo(10);
    assertThat(batch.targets().samples()).isEqualTo(3);
    assertThat(batch.pixels()).hasSize(3 * 10 * 36);
    // Sample 4, view 8: the lower right corner as it is, 8 x 8 to 6 x 6 at scale 1.
    RasterImage picture = new ImageDecoder(1000).decode(batch.samples().get(1));
    for (int i = 0; i < 36; i++) {
      int value = picture.at(2 + i / 6, 2 + i % 6, 0);
      assertThat(batch.pixels()[(10 + 8) * 36 + i]).isEqualTo((value / 255f - 0.5f) / 0.25f);
    }
    assertThat(EvaluationTransform.viewsOf(input)).isEqualTo(10);
    assertThat(evaluated(batch.samples().get(1)))
        .isEqualTo(Arrays.copyOfRange(batch.pixels(), 360, 720));
    // The first view is the one to look at: the middle.
    assertThat(new PicturePreview(input).of(batch.pixels(), 360).at(0, 0, 0))
        .isEqualTo(picture.at(1, 1, 0));
  }

  @Test
  void statedStatisticsTakeThePlaceOfTheSplits() {
    InputSpec stated = spec("augment.mean=[0.25]");
    assertThat(stated.mean()).containsExactly(0.25f);
    assertThat(stated.standardDeviation()).containsExactly(0.25f);
    assertThat(spec("augment.standard-deviation=[2]").standardDeviation()).containsExactly(2f);
  }

  @Test
  void statisticsAreBroughtToTheModelsChannels() {
    Settings grey = TestSettings.of("model.channels=1");
    Settings colour = TestSettings.of();
    Split rgb = new Split("t", 0, 0, List.of(0.1, 0.2, 0.3), List.of(0.4, 0.5, 0.0), List.of());
    InputSpec reduced = InputSpec.of(grey.augment(), grey.model(), rgb, 1);
    // 0.299 * 0.1 + 0.587 * 0.2 + 0.114 * 0.3
    assertThat(reduced.mean()).containsExactly(0.1815f);
    InputSpec same = InputSpec.of(colour.augment(), colour.model(), rgb, 1);
    assertThat(same.mean()).containsExactly(0.1f, 0.2f, 0.3f);
    assertThat(same.standardDeviation()).containsExactly(0.4f, 0.5f, 1 / 255f);
    InputSpec repeated = InputSpec.of(colour.augment(), colour.model(), dataset.split(), 1);
    assertThat(repeated.mean()).containsExactly(0.5f, 0.5f, 0.5f);
  }

  private List<EvaluationBatch> all(BatchSelection selection) {
    List<EvaluationBatch> all = new ArrayList<>();
    try (EvaluationBatches batches =
        new EvaluationBatches(dataset, input, selection, new ReadAhead(2, 3))) {
      for (EvaluationBatch batch = batches.next(); batch != null; batch = batches.next()) {
        all.add(batch);
      }
    }
    return all;
  }

  private float[] evaluated(EncodedSample sample) {
    EvaluationTransform transform = EvaluationTransform.checked(input);
    float[] out = new float[transform.views() * input.sampleLength()];
    assertThat(transform.apply(sample, out, 0)).isNull();
    return out;
  }
}
