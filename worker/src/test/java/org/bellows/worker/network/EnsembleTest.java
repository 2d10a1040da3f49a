// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.TinyDataset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("instructions")
class EnsembleTest {
  private static final InputShape INPUT = new InputShape(1, TinyDataset.SIDE, TinyDataset.SIDE);

  private static LaneNetwork network(String name, int classes, long seed) {
    return new LaneNetwork(NetworkRegistry.standard().get(name), INPUT, classes, seed);
  }

  /** All weights 0: whatever it sees, it answers softmax(logits). */
  private static LaneNetwork answering(double... logits) {
    LaneNetwork network = network("lenet5", logits.length, 1);
    float[] parameters = new float[network.layout().length()];
    FlatLayout.ParameterSlot bias =
        network.layout().segments().stream()
            .filter(slot -> slot.name().equals("output_b"))
            .findFirst()
            .orElseThrow();
    for (int label = 0; label < logits.length; label++) {
      parameters[bias.offset() + label] = (float) logits[label];
    }
    network.writeParameters(parameters);
    return network;
  }

  /**
   * One is sure of the second class, 1/4 to 3/4, the other surer of the first, 4/5 to 1/5: together
   * they say the first, (0.25 + 0.8) / 2 = 0.525.
   */
  @Test
  void averagesProbabilities() {
    try (Ensemble ensemble =
        new Ensemble(List.of(answering(0, Math.log(3)), answering(Math.log(4), 0)))) {
      float[] two = ensemble.probabilities(TinyDataset.pixels(2, 1), 2, 1);
      assertThat(two).containsExactly(new float[] {0.525f, 0.475f, 0.525f, 0.475f}, within(1e-6f));
    }
  }

  /** Two views of each sample: the mean of four answers. */
  @Test
  void averagesOverViewsAndMembers() {
    float[] pixels = TinyDataset.pixels(6, 1);
    try (LaneNetwork one = network("lenet5", 4, 5);
        LaneNetwork other = network("resnet20-cifar", 4, 6)) {
      float[] ofOne = one.probabilities(pixels, 6);
      float[] ofOther = other.probabilities(pixels, 6);
      float[] together = new Ensemble(List.of(one, other)).probabilities(pixels, 3, 2);
      assertThat(together).hasSize(12);
      for (int sample = 0; sample < 3; sample++) {
        for (int label = 0; label < 4; label++) {
          int first = 2 * sample * 4 + label;
          int second = first + 4;
          float mean = (ofOne[first] + ofOne[second] + ofOther[first] + ofOther[second]) / 4;
          assertThat(together[sample * 4 + label]).isCloseTo(mean, within(1e-6f));
        }
      }
      assertThat(together)
          .isNotEqualTo(one.probabilities(pixels, 3, 2))
          .isNotEqualTo(other.probabilities(pixels, 3, 2));
    }
  }

  @Test
  void severalOfOneAnswerAsThatOneToTheBit() {
    float[] pixels = TinyDataset.pixels(8, 1);
    try (LaneNetwork network = network("lenet5", 4, 5)) {
      float[] alone = network.probabilities(pixels, 8);
      for (int members = 1; members <= 3; members++) {
        Ensemble ensemble = new Ensemble(Collections.nCopies(members, network));
        assertThat(ensemble.probabilities(pixels, 8, 1)).isEqualTo(alone);
      }
    }
  }

  @Test
  void nobodyCannotAnswer() {
    assertThatThrownBy(() -> new Ensemble(List.of()))
        .hasMessage("an ensemble has 0 members, expected at least 1");
  }
}
