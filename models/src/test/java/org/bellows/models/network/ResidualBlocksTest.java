// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.data.Offset;
import org.bellows.models.dl4j.Dl4jGraph;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.graph.NetworkGraph.StoredArray;
import org.bellows.models.layer.StochasticDepth;
import org.bellows.models.zoo.NetworkRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResidualBlocksTest {
  private static NetworkGraph graph(String name, int side) {
    return NetworkRegistry.standard().get(name).graph(new InputShape(3, side, side), 5);
  }

  private static List<Double> survivals(NetworkGraph graph) {
    return graph.vertices().stream()
        .filter(vertex -> vertex.layer() instanceof StochasticDepth)
        .map(vertex -> ((StochasticDepth) vertex.layer()).survival())
        .collect(Collectors.toList());
  }

  /** As many as the papers' tables have; sums of decoders and of scales are none. */
  @ParameterizedTest
  @CsvSource({
    "resnet18, 8",
    "resnet50, 16",
    "resnet152-zero-gamma, 50",
    "resnet20-cifar, 9",
    "mobilenet-v2, 10",
    "efficientnet-b0, 9",
    "plain18, 0",
    "vgg16, 0",
    "fcn8s-vgg16, 0",
    "fcn-resnet50, 16",
    "deeplab-v2-resnet101, 33",
    "unet-same, 0"
  })
  void areThoseOfTheTable(String network, int blocks) {
    assertThat(ResidualBlocks.of(graph(network, 224))).hasSize(blocks);
  }

  /** Huang et al. 2016, figure 2: with p_L = 0.5 survival falls evenly from block to block. */
  @Test
  void survivalDecaysLinearly() {
    NetworkGraph dropped = ResidualBlocks.dropped(graph("resnet18", 64), 0.5);
    assertThat(survivals(dropped))
        .containsExactly(0.9375, 0.875, 0.8125, 0.75, 0.6875, 0.625, 0.5625, 0.5);
    assertThat(dropped.vertex("stage4-block2-add").inputs())
        .containsExactly("stage4-block2-add-drop", "stage4-block1-act");
    assertThat(dropped.vertex("stage1-block1-add-drop").inputs())
        .containsExactly("stage1-block1-b-norm");
  }

  /** Its own drops are those of 16 blocks, of which 9 have a shortcut. */
  @Test
  void takesThePlaceOfTheNetworksOwn() {
    NetworkGraph own = graph("efficientnet-b0", 64);
    NetworkGraph dropped = ResidualBlocks.dropped(own, 0.09);
    assertThat(dropped.names()).isEqualTo(own.names());
    List<Double> survivals = survivals(dropped);
    for (int block = 1; block <= 9; block++) {
      assertThat(survivals.get(block - 1)).isCloseTo(1 - 0.01 * block, Offset.offset(1e-12));
    }
  }

  /**
   * A model is saved under the network's name: its parameters must lie where the network without
   * drops has them, and where DL4J has them.
   */
  @Test
  void parametersStayWhereTheyAre() {
    List<String> changed = new ArrayList<>();
    int checked = 0;
    for (NetworkDefinition network : NetworkRegistry.standard().all()) {
      NetworkGraph graph = network.graph(network.usualInput(), network.usualClasses());
      if (!ResidualBlocks.of(graph).isEmpty()) {
        checked++;
        if (!arrays(ResidualBlocks.dropped(graph, 0.1)).equals(arrays(graph))) {
          changed.add(network.name());
        }
      }
    }
    assertThat(checked).isGreaterThan(20);
    assertThat(changed).isEmpty();
    NetworkGraph small = ResidualBlocks.dropped(graph("resnet20-cifar", 16), 0.1);
    assertThat(Dl4jGraph.initialParameters(small, 7))
        .isEqualTo(Dl4jGraph.initialParameters(graph("resnet20-cifar", 16), 7));
  }

  private static List<String> arrays(NetworkGraph graph) {
    return graph.storedArrays().stream().map(StoredArray::name).toList();
  }
}
