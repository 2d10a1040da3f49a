// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.inference;

import java.util.List;
import org.bellows.benchmark.measure.Workload;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.ParameterSlot;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.network.LaneNetwork;

/**
 * Models whose softmax is not saturated. Random residual networks have logits of some hundreds: one
 * probability is 1 and the others 0, whatever the layers before compute, and the answers of two
 * programs agree even if they compute something else.
 */
final class OpenAnswers {
  /** A larger one says next to nothing of the other logits. */
  private static final double LARGEST_PROBABILITY = 0.5;

  private OpenAnswers() {}

  /**
   * The model with the weights and biases of its last dense layer halved until no probability of
   * the pictures is large. A model without a dense layer at its end stays as it is.
   *
   * @param pixels [samples, channels, height, width]
   */
  static TrainedModel of(TrainedModel model, Workload workload, float[] pixels) {
    NetworkGraph graph = workload.graph();
    List<ParameterSlot> last =
        FlatLayout.of(graph).segments().stream()
            .filter(slot -> slot.layer().equals(graph.answer()))
            .toList();
    if (last.isEmpty()) {
      return model;
    }
    float[] parameters = model.parameters().clone();
    try (LaneNetwork network = model.open()) {
      while (largest(network.probabilities(pixels, workload.samples())) > LARGEST_PROBABILITY) {
        last.forEach(slot -> halveInPlace(parameters, slot));
        network.writeParameters(parameters);
      }
    }
    return new TrainedModel(model.card(), parameters);
  }

  private static void halveInPlace(float[] parameters, ParameterSlot slot) {
    for (int i = slot.offset(); i < slot.end(); i++) {
      parameters[i] /= 2;
    }
  }

  /**
   * @return NaN where there is one
   */
  private static double largest(float[] probabilities) {
    double largest = 0;
    for (float each : probabilities) {
      largest = Math.max(largest, each);
    }
    return largest;
  }
}
