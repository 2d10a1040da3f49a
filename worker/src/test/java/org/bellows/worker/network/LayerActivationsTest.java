// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.LayerCost;
import org.bellows.models.network.LayerCosts;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each layer's output, in inference. */
@Tag("instructions")
class LayerActivationsTest {
  private static final int IMAGES = 3;
  private static final int CLASSES = 4;

  private static NetworkDefinition definition(String name) {
    return NetworkRegistry.standard().get(name);
  }

  private static float[] pixels(InputShape input) {
    float[] pixels = new float[IMAGES * input.channels() * input.height() * input.width()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (i * 37 % 101) / 50f - 1;
    }
    return pixels;
  }

  @Test
  void eachLayerHasTheShapeThatItsCostSays() {
    InputShape input = new InputShape(3, 16, 16);
    try (LaneNetwork network = new LaneNetwork(definition("resnet20-cifar"), input, CLASSES, 5)) {
      List<LayerCost> layers = LayerCosts.of(definition("resnet20-cifar"), input, CLASSES);
      for (LayerCost layer : layers) {
        LayerOutput output = network.activations(pixels(input), IMAGES, layer.name());
        assertThat(output.shape()[0]).isEqualTo(IMAGES);
        long[] rest = output.shape();
        String text =
            rest.length == 4 ? rest[1] + "x" + rest[2] + "x" + rest[3] : Long.toString(rest[1]);
        assertThat(text).as(layer.name()).isEqualTo(layer.shapeText().replace(" ", ""));
      }
    }
  }

  /** In DL4J the activation behind it writes over what a normalisation computed. */
  @Test
  void aLayerIsNotWhatTheActivationBehindItMadeOfIt() {
    InputShape input = new InputShape(3, 16, 16);
    try (LaneNetwork network = new LaneNetwork(definition("resnet20-cifar"), input, CLASSES, 5)) {
      float[] norm = network.activations(pixels(input), IMAGES, "stem-norm").values();
      float[] relu = network.activations(pixels(input), IMAGES, "stem-relu").values();
      int negative = 0;
      for (int i = 0; i < norm.length; i++) {
        assertThat(relu[i]).isEqualTo(Math.max(0, norm[i]));
        negative += norm[i] < 0 ? 1 : 0;
      }
      assertThat(negative).isBetween(norm.length / 10, norm.length * 9 / 10);
    }
  }

  @Test
  void theAverageOfTheLastMapIsWhatTheGlobalPoolComputes() {
    InputShape input = new InputShape(3, 16, 16);
    try (LaneNetwork network = new LaneNetwork(definition("resnet20-cifar"), input, CLASSES, 5)) {
      LayerOutput map = network.activations(pixels(input), IMAGES, "stage3-block3-relu");
      assertThat(map.shape()).containsExactly(IMAGES, 64, 4, 4);
      float[] pooled = network.activations(pixels(input), IMAGES, "pool").values();
      float[] averaged = map.averaged().values();
      assertThat(averaged).hasSize(IMAGES * 64).hasSameSizeAs(pooled);
      for (int i = 0; i < pooled.length; i++) {
        assertThat(averaged[i]).isCloseTo(pooled[i], within(1e-5f));
      }
    }
  }

  @Test
  void theLastLayerGivesTheProbabilitiesAndAnImageTheSameInAnyBatch() {
    InputShape input = new InputShape(1, 12, 12);
    float[] pixels = pixels(input);
    try (LaneNetwork network = new LaneNetwork(definition("lenet5"), input, CLASSES, 5)) {
      assertThat(network.activations(pixels, IMAGES, "output").values())
          .isEqualTo(network.probabilities(pixels, IMAGES));
      float[] all = network.activations(pixels, IMAGES, "f6").values();
      assertThat(all).hasSize(IMAGES * 84);
      float[] one = Arrays.copyOf(pixels, pixels.length / IMAGES);
      float[] alone = network.activations(one, 1, "f6").values();
      for (int i = 0; i < 84; i++) {
        assertThat(alone[i]).isCloseTo(all[i], within(1e-6f));
      }
    }
  }

  @Test
  void newParametersReachEveryLayer() {
    InputShape input = new InputShape(1, 12, 12);
    float[] pixels = pixels(input);
    try (LaneNetwork network = new LaneNetwork(definition("lenet5"), input, CLASSES, 5);
        LaneNetwork other = new LaneNetwork(definition("lenet5"), input, CLASSES, 6)) {
      float[] before = network.activations(pixels, IMAGES, "s4").values();
      float[] parameters = new float[other.layout().length()];
      other.readParameters(parameters);
      network.writeParameters(parameters);
      float[] after = network.activations(pixels, IMAGES, "s4").values();
      assertThat(after)
          .isEqualTo(other.activations(pixels, IMAGES, "s4").values())
          .isNotEqualTo(before);
    }
  }

  @Test
  void anUnknownLayerIsRefusedWithThoseThatThereAre() {
    InputShape input = new InputShape(1, 12, 12);
    try (LaneNetwork network = new LaneNetwork(definition("lenet5"), input, CLASSES, 5)) {
      for (String name : List.of("fc7", "image")) {
        assertThatThrownBy(() -> network.activations(pixels(input), IMAGES, name))
            .isInstanceOfSatisfying(
                BellowsException.class,
                e -> assertThat(e.category()).isEqualTo(ErrorCategory.CONFIGURATION))
            .hasMessage(
                "the network has no layer \"%s\"; it has c1, s2, c3, s4, c5, f6 and output", name);
      }
    }
  }

  /** [2 images, 1 channel, 1 x 2] and [1 image x 2 views, 2]. */
  @Test
  void meansWorkedByHand() {
    LayerOutput map = new LayerOutput(new long[] {2, 1, 1, 2}, new float[] {1, 3, 5, 9});
    assertThat(map.averaged().values()).containsExactly(2, 7);
    assertThat(map.averaged().shape()).containsExactly(2, 1);
    LayerOutput views = new LayerOutput(new long[] {2, 2}, new float[] {1, 10, 3, 20});
    assertThat(views.meanOfViews(2).values()).containsExactly(2, 15);
    assertThat(views.meanOfViews(2).shape()).containsExactly(1, 2);
    assertThat(views.meanOfViews(1)).isSameAs(views);
    assertThat(views.averaged()).isSameAs(views);
  }
}
