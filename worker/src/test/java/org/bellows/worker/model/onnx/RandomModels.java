// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bellows.conf.AugmentSettings;
import org.bellows.models.dl4j.Dl4jGraph;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.TrainedModel;

/** Models whose every parameter counts, and images. */
final class RandomModels {
  private RandomModels() {}

  static TrainedModel model(NetworkDefinition definition, InputShape input, int classes, int seed) {
    NetworkGraph graph = definition.graph(input, classes);
    float[] parameters = Dl4jGraph.initialParameters(graph, seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (FlatLayout.ParameterSlot slot : FlatLayout.of(graph).segments()) {
      for (int i = slot.offset(); i < slot.end(); i++) {
        parameters[i] = value(slot, parameters[i], random.nextDouble());
      }
    }
    List<String> names = IntStream.range(0, classes).mapToObj(i -> "class" + i).toList();
    float[] ones = new float[input.channels()];
    Arrays.fill(ones, 1);
    ModelCard card =
        new ModelCard(
            1,
            definition.name(),
            input,
            names,
            new float[input.channels()],
            ones,
            AugmentSettings.EvaluationCrop.CENTRE,
            0,
            "",
            Map.of());
    return new TrainedModel(card, parameters);
  }

  /** Weights as they start; biases and statistics such that each of them counts. */
  private static float value(FlatLayout.ParameterSlot slot, float start, double random) {
    if (slot.name().endsWith("_W")) {
      return start;
    }
    boolean positive = slot.name().endsWith("_var") || slot.name().endsWith("_gamma");
    return (float) (positive ? 0.5 + random : 0.4 * (random - 0.5));
  }

  /** [samples, channels, height, width], between -1 and 1. */
  static float[] pixels(InputShape input, int samples, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] pixels = new float[samples * input.elements()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextDouble(-1, 1);
    }
    return pixels;
  }
}
