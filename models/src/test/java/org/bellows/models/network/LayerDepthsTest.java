// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bellows.models.graph.InputShape;
import org.bellows.models.zoo.NetworkRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerDepthsTest {
  private static LayerDepths depths(String name, int side) {
    return LayerDepths.of(NetworkRegistry.standard().get(name), new InputShape(3, side, side), 5);
  }

  /** Counted by hand: a residual block is one step, whatever it consists of. */
  @ParameterizedTest
  @CsvSource({
    "resnet50, stem, 17",
    "resnet50, stem-norm, 17",
    "resnet50, stage1-block1-a, 16",
    "resnet50, stage1-block1-c-norm, 16",
    "resnet50, stage1-block1-shortcut, 16",
    "resnet50, stage1-block2-a, 15",
    "resnet50, stage4-block3-c, 1",
    "resnet50, output, 0",
    "resnet20-cifar, stem, 10",
    "resnet20-cifar, stage3-block3-b, 1",
    "lenet5, c1, 4",
    "lenet5, output, 0"
  })
  void stepsToTheLastLayer(String network, String layer, int steps) {
    assertThat(depths(network, network.equals("lenet5") ? 28 : 64).behind(layer)).isEqualTo(steps);
  }

  /** Nine modules behind three convolutions; an auxiliary head is as deep as the next module. */
  @Test
  void anAuxiliaryHeadIsAsDeepAsWhatReadsTheSameMap() {
    LayerDepths depths = depths("googlenet", 224);
    assertThat(depths.behind("stem1")).isEqualTo(12);
    assertThat(depths.behind("4b-1x1")).isEqualTo(6);
    assertThat(depths.behind("auxiliary1-1x1")).isEqualTo(6);
    assertThat(depths.behind("auxiliary1-dense")).isEqualTo(6);
    assertThat(depths.behind("4e-3x3")).isEqualTo(3);
    assertThat(depths.behind("auxiliary2-1x1")).isEqualTo(3);
    assertThat(depths.behind("output")).isZero();
  }

  @Test
  void anUnknownLayerIsRefused() {
    LayerDepths depths = depths("resnet20-cifar", 32);
    assertThatThrownBy(() -> depths.behind("stage9"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the network has no layer stage9");
  }
}
