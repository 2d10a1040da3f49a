// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bellows.conf.AugmentSettings;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.engine.EngineNetwork;

/** Untrained models of which each parameter changes the answer, for measurements and tests. */
public final class RandomModel {
  private RandomModel() {}

  /**
   * Always the same for a seed.
   *
   * @param seed of all parameters
   */
  public static TrainedModel of(
      NetworkDefinition definition, InputShape input, int classes, long seed) {
    NetworkGraph graph = definition.graph(input, classes);
    float[] parameters = EngineNetwork.of(graph, seed).parameters();
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
}
