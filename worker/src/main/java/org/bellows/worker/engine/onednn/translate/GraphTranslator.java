// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.translate;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.Layer;
import org.bellows.worker.engine.onednn.node.ImageNode;
import org.bellows.worker.engine.onednn.node.Node;

/**
 * From a network's graph to nodes. If one vertex can be computed together with another, one node
 * stands for both: ReLU after BatchNorm, any activation after a sum.
 */
public final class GraphTranslator {
  private final NetworkGraph graph;
  private final Set<String> wanted;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Map<String, List<String>> readers;

  /**
   * @param wanted vertices whose outputs are asked for; what they do not need is left out
   * @throws org.bellows.conf.BellowsException (configuration) naming the vertex that the engine
   *     does not know
   */
  public GraphTranslator(NetworkGraph graph, Collection<String> wanted) {
    this.graph = graph;
    this.wanted = Set.copyOf(wanted);
    this.readers = graph.readers();
    wanted.forEach(this::node);
  }

  /** In topological order. */
  public List<Node> nodes() {
    return List.copyOf(new LinkedHashSet<>(nodes.values()));
  }

  /** The node whose output is a vertex's. */
  public Node node(String name) {
    Node known = nodes.get(name);
    if (known != null) {
      return known;
    }
    Node made = translate(name);
    for (Node inner : made.inputs()) {
      // Where a vertex became two nodes the first of them is known to the second only.
      if (!nodes.containsValue(inner)) {
        nodes.put(inner.name() + " inside", inner);
      }
    }
    nodes.put(name, made);
    return made;
  }

  private Node translate(String name) {
    if (name.equals(graph.input())) {
      return new ImageNode(name, graph.inputShape().dimensions());
    }
    NetworkGraph.Vertex vertex = graph.vertex(name);
    return vertex.layer().accept(new LayerNodes(this, vertex));
  }

  NetworkGraph.Vertex vertex(String name) {
    return graph.vertex(name);
  }

  /**
   * The vertex of a layer that reads another.
   *
   * @return null where there is none
   */
  NetworkGraph.Vertex reader(String from, Layer layer) {
    return readers.get(from).stream()
        .map(graph::vertex)
        .filter(vertex -> vertex.layer().equals(layer))
        .findFirst()
        .orElse(null);
  }

  /** Whether a vertex alone reads the first of its inputs, which is not the image. */
  boolean isOnlyReader(NetworkGraph.Vertex vertex) {
    String from = vertex.from();
    return !wanted.contains(from)
        && !from.equals(graph.input())
        && readers.get(from).equals(List.of(vertex.name()));
  }
}
