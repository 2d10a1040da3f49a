// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.bellows.models.graph.InputShape;
import org.bellows.models.layer.Dropout;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.ParameterSlot;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.network.RandomBatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is timed against each other is the same work: equal parameters, equal results. */
@Tag("integration")
class TorchAgreesTest {
  private static final int CLASSES = 10;
  private static final int SAMPLES = 4;
  private static final long SEED = 7;

  @BeforeAll
  static void setUp() {
    TorchNetwork.setUp(1);
  }

  /** Rounding grows in fifty layers whose BatchNorm sees few values. */
  @ParameterizedTest
  @CsvSource({
    "lenet5, 32, 2e-3",
    "lenet5-tanh, 32, 2e-3",
    "alexnet-32, 32, 2e-3",
    "resnet20-cifar, 32, 2e-3",
    "resnet18, 64, 2e-3",
    "resnet50, 64, 2e-2",
    "vgg11, 32, 2e-3",
    "mobilenet-v2, 64, 2e-2"
  })
  void lossGradientAndProbabilitiesAreEqual(String name, int side, double tolerance) {
    NetworkDefinition usual = NetworkRegistry.standard().get(name);
    // Drawn by different generators in either: left out.
    NetworkDefinition network =
        usual.withLayers(layer -> layer instanceof Dropout ? new Dropout(0) : layer);
    InputShape input = new InputShape(usual.usualInput().channels(), side, side);
    RandomBatch batch = RandomBatch.of(network.graph(input, CLASSES), CLASSES, SAMPLES);
    try (LaneNetwork lane = new LaneNetwork(network, input, CLASSES, SEED)) {
      FlatLayout layout = lane.layout();
      float[] flat = new float[layout.length()];
      lane.readParameters(flat);
      float[] expected = new float[layout.length()];
      double loss = lane.gradient(batch.pixels(), batch.targets(), 0, expected) / SAMPLES;
      try (TorchNetwork torch = new TorchNetwork(network.graph(input, CLASSES), layout, flat)) {
        NDArray images = torch.images(batch.pixels());
        assertThat(torch.probabilities(images))
            .containsExactly(lane.probabilities(batch.pixels(), SAMPLES), within(1e-4f));
        float actual = torch.gradient(images, torch.targets(batch.targets(), SAMPLES));
        assertThat((double) actual).isEqualTo(loss, within(1e-4 * loss));
        assertGradients(layout, expected, torch.flatGradient(layout), tolerance);
      }
    }
  }

  private static void assertGradients(
      FlatLayout layout, float[] sums, float[] means, double tolerance) {
    List<ParameterSlot> trainable =
        layout.segments().stream().filter(slot -> slot.kind().isTrainable()).toList();
    double largest = 0;
    for (ParameterSlot slot : trainable) {
      largest = Math.max(largest, length(slot, sums) / SAMPLES);
    }
    for (ParameterSlot slot : trainable) {
      double difference = 0;
      double size = 0;
      for (int i = slot.offset(); i < slot.end(); i++) {
        double expected = sums[i] / SAMPLES;
        difference += (means[i] - expected) * (means[i] - expected);
        size += expected * expected;
      }
      assertThat(Math.sqrt(difference))
          .as("difference of the gradients of %s, of length %.3g", slot.name(), Math.sqrt(size))
          // A BatchNorm behind another cancels what its scale does: nearly nothing is left but
          // rounding.
          .isLessThan(tolerance * (Math.sqrt(size) + 1e-3 * largest));
    }
  }

  private static double length(ParameterSlot slot, float[] values) {
    double squares = 0;
    for (int i = slot.offset(); i < slot.end(); i++) {
      squares += (double) values[i] * values[i];
    }
    return Math.sqrt(squares);
  }
}
