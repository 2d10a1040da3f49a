// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.bellows.models.graph.InputShape;
import org.bellows.models.zoo.NetworkRegistry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** GoogLeNet trains with three heads and answers with one. */
@Tag("instructions")
class AuxiliaryHeadsTest {
  private static final InputShape INPUT = new InputShape(1, 79, 79);
  private static final int CLASSES = 3;

  @Test
  void trainsAllHeadsAndAnswersWithTheMainOne() {
    float[] pixels = new float[2 * 79 * 79];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (i * 31 % 97) / 97f;
    }
    try (LaneNetwork network =
        new LaneNetwork(NetworkRegistry.standard().get("googlenet"), INPUT, CLASSES, 5)) {
      float[] gradient = new float[network.layout().length()];
      float[] again = new float[gradient.length];
      double loss = network.gradient(pixels, new int[] {0, 2}, 9, gradient);
      assertThat(network.gradient(pixels, new int[] {0, 2}, 9, again)).isEqualTo(loss);
      assertThat(again).isEqualTo(gradient);
      assertThat(loss).isFinite().isPositive();
      assertThat(norm(network, gradient, "output_W")).isPositive();
      assertThat(norm(network, gradient, "auxiliary1_W")).isPositive();
      assertThat(norm(network, gradient, "auxiliary2-1x1_W")).isPositive();
      float[] answer = network.probabilities(pixels, 2);
      assertThat(answer).hasSize(2 * CLASSES);
      assertThat(answer[0] + answer[1] + answer[2]).isCloseTo(1, within(1e-5f));
    }
  }

  private static double norm(LaneNetwork network, float[] gradient, String name) {
    var slot =
        network.layout().segments().stream().filter(s -> s.name().equals(name)).findFirst().get();
    float[] part = Arrays.copyOfRange(gradient, slot.offset(), slot.end());
    double squares = 0;
    for (float value : part) {
      squares += value * value;
    }
    return Math.sqrt(squares);
  }
}
