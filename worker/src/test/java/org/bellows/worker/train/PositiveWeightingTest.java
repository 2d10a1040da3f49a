// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.shard.BlockReader;
import org.bellows.data.shard.DatasetReader;
import org.bellows.worker.TinyDataset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PositiveWeightingTest {
  private final Configuration hadoop = new Configuration();

  @TempDir Path folder;

  private TrainingSettings settings(String... more) {
    List<String> all = new ArrayList<>(List.of(more));
    all.add("data.path=" + folder);
    all.add("model.name=lenet5");
    all.add("train.best-metric=loss");
    all.add("loss.function=binary-cross-entropy");
    return TrainingSettings.of(new SettingsLoader().set(all).load(List.of(), List.of()));
  }

  /** 300 negatives and 100 positives are 3, the example of PyTorch's documentation. */
  @Test
  void balancedWeightsAreSamplesWithoutTheClassOverSamplesWithIt() {
    assertThat(PositiveWeighting.balanced(new long[] {100, 300, 1}, 400))
        .containsExactly(3.0, 1 / 3.0, 399.0);
  }

  @Test
  void aClassThatNoneOrAllSamplesHaveIsNotWeighed() {
    assertThat(PositiveWeighting.balanced(new long[] {0, 8, 4}, 8)).containsExactly(1.0, 1.0, 1.0);
  }

  /** Counted in lists of labels, in more blocks than one, none to three labels a sample. */
  @Test
  void thePlanHoldsTheWeightsOfImagesWithAnyNumberOfLabels() throws IOException {
    DatasetManifest manifest = TinyDataset.writeSeveral(folder, 300, 53);
    assertThat(manifest.split("train").blockSamples()).hasSizeGreaterThan(1);
    TrainingPlan plan =
        TrainingPlan.of(hadoop, settings("loss.positive-weights=balanced"), manifest);
    double[] counts = new double[TinyDataset.CLASSES.size()];
    DatasetReader dataset = new DatasetReader(hadoop, folder.toString(), manifest, "train");
    try (BlockReader blocks = dataset.openBlocks()) {
      for (int block = 0; block < dataset.blocks(); block++) {
        dataset.read(blocks, block).forEach(sample -> add(sample.labels(), counts));
      }
    }
    requireBalanced(plan, counts);
    assertThat(plan.identity())
        .containsEntry("loss.positive-weights", "balanced")
        .containsEntry("positive weights", plan.positiveWeights().toString());
    assertThat(TrainingPlan.of(hadoop, settings(), manifest).identity())
        .doesNotContainKey("positive weights");
    TrainingPlan other =
        TrainingPlan.of(
            hadoop, settings("loss.positive-weights=balanced", "train.split=validation"), manifest);
    assertThat(other.positiveWeights()).isNotEqualTo(plan.positiveWeights());
  }

  /** Of 300 samples. */
  private static void requireBalanced(TrainingPlan plan, double[] counts) {
    for (int label = 0; label < counts.length; label++) {
      assertThat(plan.positiveWeights().get(label))
          .isEqualTo((300 - counts[label]) / counts[label]);
    }
  }

  private static void add(int[] labels, double[] counts) {
    for (int label : labels) {
      counts[label]++;
    }
  }

  /** Each sample of one class: 300 less its own are without it. */
  @Test
  void imagesOfOneClassAreWeighedToo() throws IOException {
    DatasetManifest manifest = TinyDataset.write(folder, 300, 53);
    TrainingPlan plan =
        TrainingPlan.of(hadoop, settings("loss.positive-weights=balanced"), manifest);
    double[] counts = new double[TinyDataset.CLASSES.size()];
    add(TinyDataset.labels(300, 1), counts);
    requireBalanced(plan, counts);
  }

  @Test
  void aPlanWithoutTheDatasetsCountsIsNotBalancedInSilence() throws IOException {
    DatasetManifest manifest = TinyDataset.write(folder, 20, 20);
    TrainingSettings settings = settings("loss.positive-weights=balanced");
    assertThatThrownBy(() -> new TrainingPlan(settings, manifest))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("loss.positive-weights is balanced, but the plan has the weights none");
  }
}
