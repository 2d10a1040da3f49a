// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.graph.NetworkGraph.Insertion;
import org.bellows.models.graph.NetworkGraph.Vertex;
import org.bellows.models.layer.Crop;
import org.bellows.models.layer.Layer;
import org.bellows.models.layer.ParameterKind;
import org.bellows.models.layer.Resampling;
import org.bellows.models.layer.StochasticDepth;
import org.bellows.models.layer.Sum;
import org.bellows.models.layer.TransposedConvolution;
import org.bellows.models.layer.Unpool;

/**
 * The residual blocks of a network, and stochastic depth of all of them by one number: Huang, Sun,
 * Liu, Sedra, Weinberger 2016, "Deep Networks with Stochastic Depth", equation 4, the linear decay
 * rule.
 *
 * <pre>
 * paper   here
 * l       index of the block, 1 for the first
 * L       residual blocks of the network
 * p_L     1 - last
 * p_l     1 - l / L * (1 - p_L)         {@link StochasticDepth#survival}
 * </pre>
 *
 * <p>A residual block is a sum of two, of which one is the shortcut: it is what the other was made
 * of, or that after a single layer with weights (a projection). A sum in a decoder, one of whose
 * maps was enlarged or cut to the size of the other, is none.
 *
 * @param sum name of the sum
 * @param branch name of what is added to the shortcut
 */
record ResidualBlocks(String sum, String branch) {

  /** In the network's order. */
  static List<ResidualBlocks> of(NetworkGraph graph) {
    List<ResidualBlocks> blocks = new ArrayList<>();
    for (Vertex vertex : graph.vertices()) {
      if (vertex.layer() instanceof Sum && vertex.inputs().size() == 2) {
        branch(graph, vertex.inputs().get(0), vertex.inputs().get(1))
            .ifPresent(branch -> blocks.add(new ResidualBlocks(vertex.name(), branch)));
      }
    }
    return blocks;
  }

  /** The one that is not the shortcut. */
  private static Optional<String> branch(NetworkGraph graph, String one, String other) {
    Set<String> ofOne = graph.ancestors(one);
    Set<String> ofOther = graph.ancestors(other);
    Set<String> onlyOne = new HashSet<>(ofOne);
    onlyOne.removeAll(ofOther);
    Set<String> onlyOther = new HashSet<>(ofOther);
    onlyOther.removeAll(ofOne);
    long weightsOfOne = withWeights(graph, onlyOne);
    long weightsOfOther = withWeights(graph, onlyOther);
    if (Math.min(weightsOfOne, weightsOfOther) > 1 || weightsOfOne == weightsOfOther) {
      return Optional.empty();
    }
    boolean isOne = weightsOfOne > weightsOfOther;
    return isResized(graph, isOne ? onlyOne : onlyOther)
        ? Optional.empty()
        : Optional.of(isOne ? one : other);
  }

  private static long withWeights(NetworkGraph graph, Set<String> names) {
    return names.stream()
        .filter(
            name ->
                graph.vertex(name).parameters().stream()
                    .anyMatch(array -> array.kind() == ParameterKind.WEIGHT))
        .count();
  }

  private static boolean isResized(NetworkGraph graph, Set<String> names) {
    return names.stream()
        .map(name -> graph.vertex(name).layer())
        .anyMatch(
            layer ->
                layer instanceof TransposedConvolution
                    || layer instanceof Resampling
                    || layer instanceof Unpool
                    || layer instanceof Crop);
  }

  /**
   * The same network, whose blocks are dropped with probabilities that rise from block to block. Of
   * a network that has stochastic depth these take the place of its own.
   *
   * @param last probability of the last block, more than 0 and less than 1
   */
  static NetworkGraph dropped(NetworkGraph graph, double last) {
    List<ResidualBlocks> blocks = of(graph);
    List<Insertion> insertions = new ArrayList<>();
    Map<Layer, Layer> changes = new HashMap<>();
    for (int i = 0; i < blocks.size(); i++) {
      StochasticDepth depth = new StochasticDepth(1 - last * (i + 1) / blocks.size());
      String branch = blocks.get(i).branch();
      String sum = blocks.get(i).sum();
      if (graph.vertex(branch).layer() instanceof StochasticDepth own) {
        changes.put(own, depth);
      } else {
        insertions.add(new Insertion(sum + "-drop", depth, branch, sum));
      }
    }
    return graph.withLayers(layer -> changes.getOrDefault(layer, layer)).withInsertions(insertions);
  }
}
