// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bellows.conf.LossSettings.Normalisation;
import org.bellows.data.batch.PixelTargets;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LabelFit;
import org.junit.jupiter.api.Test;

class PixelLabelsTest {
  private static final byte VOID = (byte) 255;

  /** Two pictures of 2 x 2; the first has three pixels with a class, the second one. */
  private static final PixelTargets TARGETS =
      new PixelTargets(new byte[] {0, 1, VOID, 2, VOID, VOID, VOID, 1}, 2, 2, 3);

  private static NetworkGraph network(InputShape input, Kernel kernel, LabelFit fit) {
    NetworkBuilder builder =
        new NetworkBuilder(input, LayerDefaults.of(Activation.IDENTITY, WeightInitializers.HE));
    String logits = builder.convolution("logits", Heads.INPUT, kernel, 3);
    return builder.build(Heads.pixels(builder, logits, fit));
  }

  private static PixelLabels labels(Normalisation normalisation, Double... weights) {
    NetworkGraph network = network(new InputShape(1, 2, 2), Kernel.of(1), LabelFit.CENTRE);
    return new PixelLabels(normalisation, List.of(weights), network);
  }

  @Test
  void aPicturesWeightsAreSharesOfItsOwnPixels() {
    float third = 1f / 3;
    assertThat(labels(Normalisation.PICTURE).of(TARGETS, 0))
        .containsExactly(0, 1, 0, 2, third, third, 0, third, 0, 0, 0, 1, 0, 0, 0, 1);
  }

  /** Four pixels in two pictures: each counts 1/2, and the mean over the pictures is over four. */
  @Test
  void orOfThoseOfTheGlobalBatch() {
    PixelLabels labels = labels(Normalisation.BATCH);
    assertThat(labels.needCount()).isTrue();
    assertThat(labels.counted(TARGETS)).isEqualTo(4);
    assertThat(labels.of(TARGETS, 4 / 2.0))
        .containsExactly(0, 1, 0, 2, 0.5f, 0.5f, 0, 0.5f, 0, 0, 0, 1, 0, 0, 0, 0.5f);
  }

  @Test
  void orTheClassesWeightsAlone() {
    assertThat(labels(Normalisation.NONE, 0.5, 2.0, 4.0).of(TARGETS, 0))
        .containsExactly(0, 1, 0, 2, 0.5f, 2, 0, 4, 0, 0, 0, 1, 0, 0, 0, 2);
  }

  /** (w_c + b) / d; void stays without. */
  @Test
  void bordersAddToTheClassesWeights() {
    float[] borders = {0.5f, 3, 7, 1, 0, 0, 0, 2};
    PixelTargets targets = new PixelTargets(TARGETS.labels(), 2, 2, 3, Optional.of(borders));
    assertThat(labels(Normalisation.PICTURE, 0.5, 2.0, 4.0).of(targets, 0))
        .containsExactly(0, 1, 0, 2, 1f / 3, 5f / 3, 0, 5f / 3, 0, 0, 0, 1, 0, 0, 0, 4);
  }

  @Test
  void aBatchOfVoidAloneHasWeightsOfZero() {
    PixelTargets all = new PixelTargets(new byte[] {VOID, VOID, VOID, VOID}, 2, 2, 3);
    for (Normalisation each : Normalisation.values()) {
      assertThat(labels(each).of(all, 0)).containsOnly(0);
    }
  }

  @Test
  void aLabelThatIsNoClassIsRefused() {
    PixelTargets wrong = new PixelTargets(new byte[] {3, 0, 0, 0}, 2, 2, 3);
    assertThatThrownBy(() -> labels(Normalisation.NONE).of(wrong, 0))
        .hasMessage("a pixel has the label 3, allowed: 0 to 2, or 255 (void)");
  }

  /** 5 x 4 labels 0..19 before a map of answers of 3 x 2: rows 1 to 3, columns 1 and 2. */
  @Test
  void answersInTheMiddleHaveTheLabelsThere() {
    InputShape input = new InputShape(1, 5, 4);
    assertThat(firstLabels(network(input, Kernel.of(3), LabelFit.CENTRE), 5, 4, 6))
        .containsExactly(5, 6, 9, 10, 13, 14);
  }

  /** 5 x 4 labels before a map of answers of half the size, 3 x 2: every second one. */
  @Test
  void answersOfASmallerScaleHaveEverySecondLabel() {
    InputShape input = new InputShape(1, 5, 4);
    NetworkGraph half = network(input, Kernel.of(1).stride(2), LabelFit.SHRINK);
    assertThat(firstLabels(half, 5, 4, 6)).containsExactly(0, 2, 8, 10, 16, 18);
  }

  private static float[] firstLabels(NetworkGraph network, int height, int width, int count) {
    byte[] all = new byte[height * width];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    float[] given =
        new PixelLabels(Normalisation.NONE, List.of(), network)
            .of(new PixelTargets(all, height, width, all.length), 0);
    assertThat(given).hasSize(2 * count);
    return Arrays.copyOf(given, count);
  }
}
