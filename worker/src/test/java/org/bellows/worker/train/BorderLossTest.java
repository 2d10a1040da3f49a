// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.bellows.conf.LossSettings.Normalisation;
import org.bellows.data.batch.PixelTargets;
import org.bellows.data.border.BorderWeights;
import org.bellows.data.decode.LabelMaps;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.models.graph.Heads;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LayerDefaults;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.graph.WeightInitializers;
import org.bellows.models.layer.Activation;
import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LabelFit;
import org.bellows.models.network.AllowedSides;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.dl4j.Dl4jEngineProvider;
import org.bellows.worker.engine.registry.StepEngines;
import org.bellows.worker.network.LaneNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The weights of borders, as far as the gradient of each engine. */
@Tag("instructions")
class BorderLossTest {
  private static final InputShape INPUT = new InputShape(1, 6, 7);
  private static final int PIXELS = 6 * 7;
  private static final NetworkDefinition NETWORK =
      new NetworkDefinition(
          "borders",
          "none",
          INPUT,
          2,
          AllowedSides.from(1),
          (input, classes) -> {
            NetworkBuilder net =
                new NetworkBuilder(
                    input, LayerDefaults.of(Activation.IDENTITY, WeightInitializers.HE));
            String logits = net.convolution("logits", Heads.INPUT, Kernel.same(3), classes);
            return net.build(Heads.pixels(net, logits, LabelFit.CENTRE));
          });

  /** Two objects with one column between them. */
  private static float[] targets() {
    byte[] labels = new byte[PIXELS];
    int[] objects = new int[PIXELS];
    for (int pixel = 0; pixel < PIXELS; pixel++) {
      objects[pixel] = pixel % 7 < 3 ? 1 : pixel % 7 > 3 ? 2 : 0;
      labels[pixel] = (byte) (objects[pixel] > 0 ? 1 : 0);
    }
    float[] borders = new float[PIXELS];
    RasterImage map = new RasterImage(6, 7, 1, labels);
    new BorderWeights(10, 1).write(LabelMaps.joined(map, objects), borders, 0);
    // 1 to the object on either side.
    assertThat(borders[3]).isCloseTo((float) (10 * Math.exp(-2)), within(1e-5f));
    PixelLabels weights =
        new PixelLabels(Normalisation.NONE, List.of(0.5, 0.25), NETWORK.graph(INPUT, 2));
    return weights.of(new PixelTargets(labels, 6, 7, 2, Optional.of(borders)), 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {StepEngines.USUAL, Dl4jEngineProvider.NAME})
  void theLossAndItsGradientHaveThem(String engine) {
    SplittableRandom random = new SplittableRandom(3);
    float[] picture = new float[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      picture[i] = (float) random.nextDouble(-1, 1);
    }
    float[] targets = targets();
    try (LaneNetwork network = new LaneNetwork(NETWORK, INPUT, 2, 5, EngineRequest.named(engine))) {
      float[] parameters = new float[network.layout().length()];
      network.readParameters(parameters);
      float[] gradient = new float[parameters.length];
      double loss = network.gradient(picture, targets, 1, gradient);
      assertThat(loss).isCloseTo(loss(network, picture, targets), within(1e-4));
      for (int i = 0; i < parameters.length; i++) {
        float own = parameters[i];
        parameters[i] = own + 0.01f;
        network.writeParameters(parameters);
        double above = loss(network, picture, targets);
        parameters[i] = own - 0.01f;
        network.writeParameters(parameters);
        double below = loss(network, picture, targets);
        parameters[i] = own;
        double numerical = (above - below) / 0.02;
        assertThat((double) gradient[i])
            .as("parameter %d", i)
            .isCloseTo(numerical, within(5e-3 * Math.max(1, Math.abs(numerical))));
      }
    }
  }

  /** Sum of weight * -log p of the label, from the network's probabilities. */
  private static double loss(LaneNetwork network, float[] picture, float[] targets) {
    float[] probabilities = network.probabilities(picture, 1);
    double loss = 0;
    for (int pixel = 0; pixel < PIXELS; pixel++) {
      int label = (int) targets[pixel];
      loss -= targets[PIXELS + pixel] * Math.log(probabilities[label * PIXELS + pixel]);
    }
    return loss;
  }
}
