// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.TransposedConvolution;
import org.bellows.models.network.NetworkDefinition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which map of answers the networks that answer for each pixel give of an image. */
class PixelNetworksTest {
  private static final NetworkRegistry REGISTRY = NetworkRegistry.standard();
  private static final int CLASSES = 7;

  static Stream<NetworkDefinition> ofAnySide() {
    return REGISTRY.all().stream()
        .filter(network -> network.isOfPixels() && network.sides().step() == 1);
  }

  /** Sides that no stride divides, and of two neighbours each. */
  @ParameterizedTest
  @MethodSource("ofAnySide")
  void answersForEachPixelOfAnImageOfAnySize(NetworkDefinition network) {
    boolean isShrunk = network.name().matches("deeplab-v[12].*");
    for (int side = 64; side < 98; side++) {
      LayerShape.FeatureMap map = answers(network, side, side + 3);
      int high = isShrunk ? (side + 7) / 8 : side;
      int wide = isShrunk ? (side + 10) / 8 : side + 3;
      assertThat(map)
          .as("%s at %d", network.name(), side)
          .isEqualTo(new LayerShape.FeatureMap(CLASSES, high, wide));
    }
  }

  /** Ronneberger et al. 2015, figure 1: 572 gives 388. */
  @ParameterizedTest
  @CsvSource({"572, 388", "188, 4", "204, 20", "540, 356"})
  void withoutPaddingTheRimHasNoAnswer(int side, int answers) {
    assertThat(answers(REGISTRY.get("unet-valid"), side, 572))
        .isEqualTo(new LayerShape.FeatureMap(CLASSES, answers, 388));
  }

  /**
   * A learned kernel whose side is no multiple of its stride adds more terms to some pixels than to
   * others, which is seen as a checkerboard.
   */
  @Test
  void learnedKernelsCoverEachPixelEquallyOften() {
    int seen = 0;
    for (NetworkDefinition network : REGISTRY.all()) {
      NetworkGraph graph = network.graph(network.usualInput(), CLASSES);
      for (NetworkGraph.Vertex vertex : graph.vertices()) {
        if (vertex.layer() instanceof TransposedConvolution layer && layer.isTrained()) {
          Kernel kernel = layer.window();
          assertThat(List.of(kernel.height() % kernel.stride(), kernel.width() % kernel.stride()))
              .as("%s of %s", vertex.name(), network.name())
              .containsOnly(0);
          seen++;
        }
      }
    }
    assertThat(seen).isPositive();
  }

  @Test
  void auxiliaryAnswersAreAsLargeAsTheAnswer() {
    for (String name : new String[] {"fcn-resnet50", "pspnet-resnet50", "deeplab-v3-resnet50"}) {
      NetworkGraph graph = REGISTRY.get(name).graph(new InputShape(3, 65, 90), CLASSES);
      assertThat(graph.heads()).hasSize(2);
      assertThat(graph.shape(graph.heads().get(1)))
          .isEqualTo(graph.shape(graph.heads().get(0)))
          .isEqualTo(new LayerShape.FeatureMap(CLASSES, 65, 90));
    }
  }

  private static LayerShape.FeatureMap answers(NetworkDefinition network, int high, int wide) {
    int channels = network.usualInput().channels();
    NetworkGraph graph = network.graph(new InputShape(channels, high, wide), CLASSES);
    return graph.shape(Heads.OUTPUT).asMap();
  }
}
