// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.LabelPixels;
import org.bellows.data.manifest.Split;
import org.bellows.worker.TinyDataset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassWeightingTest {
  private static final List<String> CLASSES = List.of("cat", "dog", "owl");

  private final Configuration hadoop = new Configuration();

  @TempDir Path folder;

  private TrainingSettings settings(String... more) {
    List<String> all = new ArrayList<>(List.of(more));
    all.add("data.path=" + folder);
    all.add("model.name=lenet5");
    return TrainingSettings.of(new SettingsLoader().set(all).load(List.of(), List.of()));
  }

  /** 60 samples of 3 classes: 60 / (3 * 40), 60 / (3 * 15), 60 / (3 * 5); 60 over all samples. */
  @Test
  void balancedWeightsAreSamplesOverClassesTimesSamplesOfTheClass() {
    List<Double> weights = ClassWeighting.balanced(new long[] {40, 15, 5}, CLASSES, "train");
    assertThat(weights).containsExactly(0.5, 60 / 45.0, 4.0);
    assertThat(40 * weights.get(0) + 15 * weights.get(1) + 5 * weights.get(2)).isEqualTo(60);
  }

  @Test
  void aClassWithoutSamplesCannotBeBalanced() {
    assertThatThrownBy(() -> ClassWeighting.balanced(new long[] {4, 0, 5}, CLASSES, "train"))
        .hasMessage("loss.class-weights is balanced, but split train has no sample of class dog")
        .extracting(failure -> ((BellowsException) failure).category())
        .isEqualTo(ErrorCategory.CONFIGURATION);
  }

  /**
   * 40, 10 and 50 void of 100 pixels: 50 / (2 * 40), 50 / (2 * 10), and none for what does not
   * occur. Of 40 in pictures of 100 and 10 in pictures of 50 pixels the frequencies are 0.4 and
   * 0.2, their median 0.3: 0.75 and 1.5, over the 50 pixels 0.9 in the mean. Listed are 1 and 6: 2
   * in the mean.
   */
  @Test
  void pixelsAreWeighedByHowOftenTheyOccur() {
    Split split =
        new Split(
            "train",
            2,
            1,
            List.of(),
            List.of(),
            List.of(),
            List.of(
                new LabelPixels(0, 40, 2, 100),
                new LabelPixels(1, 10, 1, 50),
                new LabelPixels(255, 50, 2, 100)));
    DatasetManifest manifest =
        new DatasetManifest(2, List.of(), List.of(split), List.of(), false, false, null);
    TrainingSettings balanced = settings("loss.class-weights=balanced");
    assertWeights(ClassWeighting.ofPixels(balanced, manifest, CLASSES), 0.625, 2.5, 0);
    TrainingSettings median = settings("loss.class-weights=median-frequency");
    assertWeights(ClassWeighting.ofPixels(median, manifest, CLASSES), 0.75 / 0.9, 1.5 / 0.9, 0);
    TrainingSettings listed = settings("loss.class-weights=[1, 6, 3]");
    assertWeights(ClassWeighting.ofPixels(listed, manifest, CLASSES), 0.5, 3, 1.5);
    assertThat(ClassWeighting.ofPixels(settings(), manifest, CLASSES)).isEmpty();
    assertThatThrownBy(() -> ClassWeighting.of(hadoop, median, manifest))
        .hasMessage(
            "loss.class-weights is median-frequency, which is of pixels, but lenet5 says a class of"
                + " each sample; allowed: balanced, a list");
  }

  private static void assertWeights(List<Double> weights, double... expected) {
    assertThat(weights.stream().mapToDouble(Double::doubleValue).toArray())
        .containsExactly(expected, within(1e-12));
  }

  @Test
  void aSplitOfVoidAloneCannotBeWeighed() {
    Split split =
        new Split(
            "train",
            1,
            1,
            List.of(),
            List.of(),
            List.of(),
            List.of(new LabelPixels(255, 50, 1, 50)));
    DatasetManifest manifest =
        new DatasetManifest(2, List.of(), List.of(split), List.of(), false, false, null);
    TrainingSettings median = settings("loss.class-weights=median-frequency");
    assertThatThrownBy(() -> ClassWeighting.ofPixels(median, manifest, CLASSES))
        .hasMessage(
            "loss.class-weights is median-frequency, but all pixels of split train are void")
        .extracting(failure -> ((BellowsException) failure).category())
        .isEqualTo(ErrorCategory.DATA);
  }

  /** 1, 1, 4 have the mean 2. */
  @Test
  void listedWeightsAreScaledToAMeanOfOne() {
    TrainingSettings settings = settings("loss.class-weights=[1, 1, 4]");
    assertThat(ClassWeighting.listed(settings.loss().classWeights(), CLASSES))
        .containsExactly(0.5, 0.5, 2.0);
    assertThat(ClassWeighting.listed(settings().loss().classWeights(), CLASSES)).isEmpty();
  }

  /** Counted in the shards, in more blocks than one, of the split that is trained on. */
  @Test
  void thePlanHoldsTheWeightsOfTheDataset() throws IOException {
    DatasetManifest manifest = TinyDataset.write(folder, 300, 53);
    assertThat(manifest.split("train").blockSamples()).hasSizeGreaterThan(1);
    TrainingSettings settings = settings("loss.class-weights=balanced");
    TrainingPlan plan = TrainingPlan.of(hadoop, settings, manifest);
    int[] counts = new int[TinyDataset.CLASSES.size()];
    for (int label : TinyDataset.labels(300, 1)) {
      counts[label]++;
    }
    for (int label = 0; label < counts.length; label++) {
      assertThat(plan.classWeights().get(label)).isEqualTo(300.0 / (4 * counts[label]));
    }
    assertThat(plan.identity())
        .containsEntry("loss.class-weights", "balanced")
        .containsEntry("class weights", plan.classWeights().toString());
    assertThat(TrainingPlan.of(hadoop, settings(), manifest).identity())
        .doesNotContainKey("class weights");
    TrainingPlan other =
        TrainingPlan.of(
            hadoop, settings("loss.class-weights=balanced", "train.split=validation"), manifest);
    assertThat(other.classWeights()).isNotEqualTo(plan.classWeights());
  }

  @Test
  void aPlanWithoutTheDatasetsCountsIsNotBalancedInSilence() throws IOException {
    DatasetManifest manifest = TinyDataset.write(folder, 20, 20);
    TrainingSettings settings = settings("loss.class-weights=balanced");
    assertThatThrownBy(() -> new TrainingPlan(settings, manifest))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("but the plan has the weights none");
  }
}
