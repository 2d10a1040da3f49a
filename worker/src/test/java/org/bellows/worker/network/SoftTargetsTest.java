// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bellows.data.batch.ClassTargets;
import org.bellows.models.graph.InputShape;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.TinyDataset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The loss of targets that are distributions is -sum(t * log(p)), and so is what is descended. */
@Tag("instructions")
class SoftTargetsTest {
  private static final int SAMPLES = 3;
  private static final int CLASSES = 4;
  private static final float[] SOFT = {
    0.7f, 0.3f, 0, 0, 0.25f, 0.25f, 0.25f, 0.25f, 0, 0, 0.9f, 0.1f,
  };

  private final float[] pixels = TinyDataset.pixels(SAMPLES, 1);

  private static LaneNetwork network() {
    return new LaneNetwork(
        NetworkRegistry.standard().get("lenet5-tanh"),
        new InputShape(1, TinyDataset.SIDE, TinyDataset.SIDE),
        CLASSES,
        7);
  }

  @Test
  void lossIsTheCrossEntropy() {
    try (LaneNetwork network = network()) {
      float[] probabilities = network.probabilities(pixels, SAMPLES);
      double expected = 0;
      for (int i = 0; i < SOFT.length; i++) {
        expected -= SOFT[i] * Math.log(probabilities[i]);
      }
      float[] gradient = new float[network.layout().length()];
      assertThat(network.gradient(pixels, SOFT, 1, gradient)).isCloseTo(expected, within(1e-5));
    }
  }

  /** The loss is linear in the targets, so the gradient is that of the classes, weighted. */
  @Test
  void gradientIsTheWeightedSumOfThoseOfTheClasses() {
    try (LaneNetwork network = network()) {
      int length = network.layout().length();
      float[] gradient = new float[length];
      network.gradient(pixels, SOFT, 1, gradient);
      double[] expected = new double[length];
      for (int sample = 0; sample < SAMPLES; sample++) {
        float[] one = java.util.Arrays.copyOfRange(pixels, sample * 144, (sample + 1) * 144);
        for (int label = 0; label < CLASSES; label++) {
          float[] ofClass = new float[length];
          network.gradient(one, new int[] {label}, 1, ofClass);
          for (int i = 0; i < length; i++) {
            expected[i] += SOFT[sample * CLASSES + label] * (double) ofClass[i];
          }
        }
      }
      for (int i = 0; i < length; i++) {
        assertThat((double) gradient[i]).isCloseTo(expected[i], within(1e-5));
      }
    }
  }

  @Test
  void labelsAreTargetsOfOneClass() {
    try (LaneNetwork network = network()) {
      int[] labels = {2, 0, 3};
      float[] hard = new float[network.layout().length()];
      float[] soft = new float[network.layout().length()];
      double loss = network.gradient(pixels, labels, 1, hard);
      assertThat(network.gradient(pixels, ClassTargets.oneHot(labels, CLASSES), 1, soft))
          .isEqualTo(loss);
      assertThat(soft).isEqualTo(hard);
    }
  }
}
