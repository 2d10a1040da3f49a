// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LabelFit;
import org.bellows.models.layer.PixelHead;
import org.bellows.models.loss.PixelLoss;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.network.RandomBatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A head that says a class of each pixel, on oneDNN as in DL4J's graph. */
@Tag("instructions")
class PixelHeadTest {
  private static final InputShape INPUT = new InputShape(3, 11, 9);
  private static final int CLASSES = 5;
  private static final int SAMPLES = 3;

  private static NetworkDefinition network(PixelLoss loss) {
    return new NetworkDefinition(
        "pixels",
        "none",
        INPUT,
        CLASSES,
        1,
        (input, classes) -> {
          LayerDefaults defaults =
              LayerDefaults.of(Activation.TANH, WeightInitializers.HE).bias(0.1);
          NetworkBuilder builder = new NetworkBuilder(input, defaults);
          String first = builder.convolution("first", Heads.INPUT, Kernel.same(3), 8);
          String last = builder.convolution("last", first, Kernel.of(3), 8);
          LayerDefaults linear = LayerDefaults.of(Activation.IDENTITY, WeightInitializers.HE);
          String logits = builder.convolution("logits", last, Kernel.of(1), classes, linear);
          String others = builder.convolution("others", first, Kernel.of(3), classes, linear);
          String head = builder.layer(Heads.OUTPUT, new PixelHead(loss, LabelFit.CENTRE), logits);
          String auxiliary =
              Heads.auxiliaryPixels(builder, "auxiliary", others, LabelFit.CENTRE, 0.4);
          return builder.build(List.of(head, auxiliary));
        });
  }

  private static double gradient(
      NetworkDefinition network, String engine, RandomBatch batch, float[] gradient) {
    try (LaneNetwork lane =
        new LaneNetwork(network, INPUT, CLASSES, 7, EngineRequest.named(engine))) {
      return lane.gradient(batch.pixels(), batch.targets(), 1, gradient);
    }
  }

  private static float[] probabilities(
      NetworkDefinition network, String engine, RandomBatch batch) {
    try (LaneNetwork lane =
        new LaneNetwork(network, INPUT, CLASSES, 7, EngineRequest.named(engine))) {
      return lane.probabilities(batch.pixels(), SAMPLES);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 0, 0", "1, 2, 0, 0", "0.5, 0, 1, 1"})
  void lossGradientAndProbabilitiesAgree(
      double crossEntropy, double gamma, double dice, double lovasz) {
    NetworkDefinition network = network(new PixelLoss(1, crossEntropy, gamma, 1, dice, lovasz));
    RandomBatch batch = RandomBatch.of(network.graph(INPUT, CLASSES), CLASSES, SAMPLES);
    int length = Math.toIntExact(network.graph(INPUT, CLASSES).parameters());
    float[] theirs = new float[length];
    double loss = gradient(network, "dl4j", batch, theirs);
    assertThat(loss).isPositive();
    for (String engine : List.of("onednn", "torch")) {
      float[] ours = new float[length];
      assertThat(gradient(network, engine, batch, ours))
          .as(engine)
          .isCloseTo(loss, within(1e-4 * loss));
      assertThat(Comparison.relativeError(ours, theirs)).as(engine).isLessThan(1e-4);
      assertThat(probabilities(network, engine, batch))
          .as(engine)
          .hasSize(SAMPLES * CLASSES * 9 * 7)
          .containsExactly(probabilities(network, "dl4j", batch), within(1e-5f));
    }
  }

  /** Each picture by itself: what lanes are cut into does not matter. */
  @Test
  void aBatchOfVoidAloneHasLossAndGradientOfZero() {
    NetworkDefinition network = network(new PixelLoss(1, 1, 0, 1, 1, 0));
    RandomBatch batch = RandomBatch.of(network.graph(INPUT, CLASSES), CLASSES, SAMPLES);
    float[] gradient = new float[Math.toIntExact(network.graph(INPUT, CLASSES).parameters())];
    RandomBatch unlabelled = new RandomBatch(batch.pixels(), new float[batch.targets().length]);
    assertThat(gradient(network, "onednn", unlabelled, gradient)).isZero();
    assertThat(gradient).containsOnly(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"onednn", "torch"})
  void targetsOfAnotherSizeAreRefused(String engine) {
    NetworkDefinition network = network(PixelLoss.crossEntropy(1));
    RandomBatch batch = RandomBatch.of(network.graph(INPUT, CLASSES), CLASSES, SAMPLES);
    try (LaneNetwork lane =
        new LaneNetwork(network, INPUT, CLASSES, 7, EngineRequest.named(engine))) {
      float[] gradient = new float[lane.layout().length()];
      assertThatThrownBy(() -> lane.gradient(batch.pixels(), new float[3], 1, gradient))
          .hasMessage("output: labels and weights are 3 numbers, expected [3, 2, 63 pixels]");
    }
  }
}
