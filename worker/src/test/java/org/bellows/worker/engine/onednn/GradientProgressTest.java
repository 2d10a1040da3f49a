// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.List;
import org.bellows.conf.Precision;
import org.bellows.conf.TrainSettings;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.engine.Arithmetic;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.StepVector;
import org.bellows.worker.engine.onednn.arithmetic.Processor;
import org.bellows.worker.network.LaneNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is called final while a backward pass runs is final. */
@Tag("instructions")
class GradientProgressTest {
  private static final int CLASSES = 5;

  /**
   * Several heads, parallel branches, layers of several arrays and arithmetics, one of each. Frozen
   * arrays have no gradient.
   *
   * @param half the most that may be left when half of all calls have been made, a share
   */
  @ParameterizedTest
  @CsvSource({
    "lenet5, 12, DIRECT, 0.7",
    "resnet20-cifar, 16, DIRECT, 0.5",
    "resnet20-cifar, 16, WINOGRAD, 0.5",
    "vgg11-bn, 32, DIRECT, 0.5",
    "googlenet, 79, DIRECT, 0.6",
    "mobilenet-v2, 64, DIRECT, 0.6",
    "efficientnet-b0, 64, COLUMNS, 0.6",
    "unet-8, 27, DIRECT, 0.9",
    "segnet-basic, 21, DIRECT, 0.9",
    "deeplab-v3plus-mobilenet-v2, 33, DIRECT, 0.9"
  })
  void isTheGradientThatAPassEndsWith(
      String name, int side, TrainSettings.Convolutions convolutions, double half) {
    Arithmetic arithmetic = new Arithmetic(convolutions, Precision.FLOAT32);
    assumeThat(Processor.refusal(arithmetic)).as("what this processor lacks").isEmpty();
    NetworkDefinition network = NetworkRegistry.standard().get(name);
    InputShape input = new InputShape(network.usualInput().channels(), side, side);
    int samples = 2;
    float[] pixels = Comparison.pixels(samples * input.elements(), Comparison.PIXELS_SEED);
    float[] targets = Comparison.targets(network.graph(input, CLASSES), CLASSES, samples);
    EngineRequest engine = new EngineRequest(OneDnnEngineProvider.NAME, arithmetic);
    try (LaneNetwork lane = new LaneNetwork(network, input, CLASSES, Comparison.SEED, engine)) {
      assertThat(lane.tellsProgress()).isTrue();
      StepVector plain = lane.take(lane.ofLane(pixels, targets, 3));
      int length = plain.floats().length;
      float[] asTold = new float[length];
      List<Integer> order = new ArrayList<>(List.of(length));
      StepVector told =
          lane.ofLane(
              pixels,
              targets,
              3,
              (gradient, from) -> {
                int end = order.get(order.size() - 1);
                System.arraycopy(gradient.floats(), from, asTold, from, end - from);
                order.add(from);
              });
      assertThat(told.floats()).isEqualTo(plain.floats());
      assertThat(asTold).as("when it was called final").isEqualTo(plain.floats());
      assertThat(order).isSortedAccordingTo((a, b) -> b - a).doesNotHaveDuplicates().endsWith(0);
      assertThat((double) order.get(order.size() / 2) / length).as("%s", order).isLessThan(half);
    }
  }
}
