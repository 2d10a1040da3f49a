// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.translate;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.Pool;
import org.bellows.worker.engine.torch.node.ImageNode;
import org.bellows.worker.engine.torch.node.MaxPoolNode;
import org.bellows.worker.engine.torch.node.Node;

/** The nodes of a network's graph, or of the part of it that some vertices depend on. */
public final class NetworkNodes {
  private final NetworkGraph graph;
  private final Map<String, Node> nodes = new LinkedHashMap<>();

  /**
   * @param wanted vertices whose outputs are asked for; what they do not need is left out
   * @throws org.bellows.conf.BellowsException (configuration) naming the vertex that the engine
   *     does not know
   */
  public NetworkNodes(NetworkGraph graph, Collection<String> wanted) {
    this.graph = graph;
    wanted.forEach(this::node);
  }

  /** In topological order. */
  public List<Node> all() {
    return List.copyOf(nodes.values());
  }

  /** The node whose output is a vertex's. */
  public Node node(String name) {
    Node known = nodes.get(name);
    if (known != null) {
      return known;
    }
    Node made =
        name.equals(graph.input())
            ? new ImageNode(name, graph.inputShape().map())
            : graph.vertex(name).layer().accept(new LayerNodes(this, graph.vertex(name)));
    nodes.put(name, made);
    return made;
  }

  /** A node that is not the last of its vertex. */
  Node inside(String vertex, Node node) {
    nodes.put(vertex + " inside", node);
    return node;
  }

  /**
   * The node of a pool that reads a vertex: the network's own, or one that is computed for its
   * places alone.
   */
  MaxPoolNode pool(String from, Pool layer) {
    return graph.vertices().stream()
        .filter(vertex -> vertex.layer().equals(layer) && vertex.from().equals(from))
        .findFirst()
        .map(vertex -> (MaxPoolNode) node(vertex.name()))
        .orElseGet(() -> ownPool(from, layer));
  }

  private MaxPoolNode ownPool(String from, Pool layer) {
    LayerShape shape = layer.output(List.of(graph.shape(from)));
    String name = "%s of %s".formatted(layer, from);
    MaxPoolNode pool = new MaxPoolNode(name, shape, node(from), layer);
    nodes.put(name, pool);
    return pool;
  }
}
