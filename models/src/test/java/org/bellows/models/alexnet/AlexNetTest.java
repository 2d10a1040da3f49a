// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.alexnet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bellows.models.network.LayerCost;
import org.bellows.models.network.LayerCosts;
import org.bellows.models.network.NetworkCost;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.junit.jupiter.api.Test;

class AlexNetTest {

  @Test
  void hasMapsOf54And26And12And5InTheFormForOneChannel() {
    List<LayerCost> layers = layers("alexnet-1x224");
    assertThat(layers)
        .extracting(LayerCost::shapeText)
        .startsWith("96x54x54", "96x26x26", "256x26x26", "256x12x12", "384x12x12")
        .contains("256x5x5", "4096", "10");
    long stem = 54L * 54 * 121 * 96;
    long second = 26L * 26 * 25 * 96 * 256;
    long rest = 12L * 12 * 9 * (256 * 384 + 384 * 384 + 384 * 256);
    long dense = 6400L * 4096 + 4096 * 4096 + 4096 * 10;
    long weights =
        121 * 96
            + 25L * 96 * 256
            + 9L * (256 * 384 + 384 * 384 + 384 * 256)
            + 6400L * 4096
            + 4096L * 4096
            + 4096 * 10;
    long biases = 96 + 256 + 384 + 384 + 256 + 4096 + 4096 + 10;
    assertThat(NetworkCost.of(layers).flops()).isEqualTo(stem + second + rest + dense);
    assertThat(NetworkCost.of(layers).trainableParameters()).isEqualTo(weights + biases);
  }

  @Test
  void hasTheMapsOfThePapersFigure() {
    assertThat(layers("alexnet-two-group"))
        .filteredOn(layer -> layer.name().matches("conv[1-5]|pool5|fc6"))
        .extracting(LayerCost::shapeText)
        .containsExactly(
            "96x55x55", "256x27x27", "384x13x13", "384x13x13", "256x13x13", "256x6x6", "4096");
  }

  @Test
  void keepsThirtyTwoPixelsInTheStemOfTheSmallForm() {
    List<LayerCost> layers = layers("alexnet-32");
    assertThat(layers)
        .extracting(LayerCost::shapeText)
        .startsWith("48x32x32", "48x15x15", "128x15x15", "128x7x7")
        .contains("128x3x3");
    long convolutions =
        1024L * 75 * 48 + 225L * 25 * 48 * 128 + 49L * 9 * (128 * 192 + 192 * 192 + 192 * 128);
    long dense = 1152L * 1024 + 1024 * 1024 + 1024 * 10;
    assertThat(NetworkCost.of(layers).flops()).isEqualTo(convolutions + dense);
  }

  private static List<LayerCost> layers(String name) {
    NetworkDefinition network = NetworkRegistry.standard().get(name);
    return LayerCosts.of(network, network.usualInput(), network.usualClasses());
  }
}
