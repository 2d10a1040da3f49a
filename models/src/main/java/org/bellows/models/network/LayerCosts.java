// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.ActivationLayer;
import org.bellows.models.layer.BatchNorm;
import org.bellows.models.layer.Dropout;
import org.bellows.models.layer.Layer;
import org.bellows.models.layer.LocalResponseNorm;
import org.bellows.models.layer.ParameterArray;
import org.bellows.models.layer.StochasticDepth;

/** The costs of each vertex of a network, computed from its graph: no array is made. */
public final class LayerCosts {
  private LayerCosts() {}

  /** In the order in which the family adds them: each after those that it reads. */
  public static List<LayerCost> of(NetworkDefinition definition, InputShape input, int classes) {
    NetworkGraph graph = definition.graph(input, classes);
    Set<String> main = graph.ancestors(graph.answer());
    List<LayerCost> costs = new ArrayList<>();
    for (NetworkGraph.Vertex vertex : graph.vertices()) {
      costs.add(
          new LayerCost(
              vertex.name(),
              LayerDescription.of(vertex.layer()),
              isCompanion(vertex.layer()),
              vertex.inputs(),
              vertex.shape(),
              trainableParameters(vertex),
              MultiplyAdds.of(vertex),
              !main.contains(vertex.name())));
    }
    return costs;
  }

  private static boolean isCompanion(Layer layer) {
    return layer instanceof BatchNorm
        || layer instanceof ActivationLayer
        || layer instanceof Dropout
        || layer instanceof StochasticDepth
        || layer instanceof LocalResponseNorm;
  }

  private static long trainableParameters(NetworkGraph.Vertex vertex) {
    return vertex.parameters().stream()
        .filter(array -> array.kind().isTrainable())
        .mapToLong(ParameterArray::length)
        .sum();
  }
}
