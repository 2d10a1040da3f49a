// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.ParameterKind;

/**
 * How deep each layer lies, for learning rates that decay by depth: Bao, Dong, Piao, Wei 2022,
 * "BEiT: BERT Pre-Training of Image Transformers" (arXiv 2106.08254), appendix, whose layers are
 * transformer blocks.
 *
 * <p>Here the network is cut after every layer that all of it passes through ({@link
 * NetworkCut#splitPoints}). Each part that has weights is one step deeper than the part before it;
 * a part without (BatchNorm, pooling) belongs to the one before. A residual block cannot be cut, so
 * it is one step.
 *
 * @param behind by layer: the steps from it to the deepest part, 0 for the last one's
 */
public record LayerDepths(Map<String, Integer> behind) {
  public LayerDepths {
    behind = Map.copyOf(behind);
  }

  /** The depths of a network's layers. */
  public static LayerDepths of(NetworkDefinition network, InputShape input, int classes) {
    NetworkGraph graph = network.graph(input, classes);
    Set<String> cuts = new HashSet<>(NetworkCut.splitPoints(network, input, classes));
    Map<String, Integer> parts = new HashMap<>();
    NavigableSet<Integer> withWeights = new TreeSet<>();
    for (NetworkGraph.Vertex vertex : graph.vertices()) {
      int part = 0;
      for (String from : vertex.inputs()) {
        int before = parts.getOrDefault(from, 0);
        part = Math.max(part, cuts.contains(from) ? before + 1 : before);
      }
      parts.put(vertex.name(), part);
      if (vertex.parameters().stream().anyMatch(array -> array.kind() == ParameterKind.WEIGHT)) {
        withWeights.add(part);
      }
    }
    Map<String, Integer> behind = new HashMap<>();
    parts.forEach(
        (layer, part) -> {
          int own = Math.max(1, withWeights.headSet(part, true).size());
          behind.put(layer, Math.max(0, withWeights.size() - own));
        });
    return new LayerDepths(behind);
  }

  /**
   * @throws IllegalArgumentException for a layer that the network does not have
   */
  public int behind(String layer) {
    Integer steps = behind.get(layer);
    if (steps == null) {
      throw new IllegalArgumentException("the network has no layer " + layer);
    }
    return steps;
  }
}
