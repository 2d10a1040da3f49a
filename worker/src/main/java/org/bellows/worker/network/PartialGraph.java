package org.bellows.worker.network;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.Segment;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Those vertices of a graph that one layer needs, as a graph of their own with the layer as its
 * answer. DL4J cannot stop inside a branched graph: the working memory of what is still to be read
 * would stay open.
 */
final class PartialGraph {
  private PartialGraph() {}

  /** Without parameters of use: {@link #copy} brings them. */
  static ComputationGraph of(ComputationGraphConfiguration whole, String layer) {
    ComputationGraphConfiguration part = whole.clone();
    Set<String> needed = needed(whole, layer);
    Map<String, GraphVertex> vertices = new LinkedHashMap<>(part.getVertices());
    vertices.keySet().retainAll(needed);
    Map<String, List<String>> inputs = new LinkedHashMap<>(part.getVertexInputs());
    inputs.keySet().retainAll(needed);
    part.setVertices(vertices);
    part.setVertexInputs(inputs);
    part.setNetworkOutputs(List.of(layer));
    part.setTopologicalOrder(null);
    part.setTopologicalOrderStr(null);
    ComputationGraph graph = new ComputationGraph(part);
    graph.init();
    return graph;
  }

  private static Set<String> needed(ComputationGraphConfiguration graph, String layer) {
    Set<String> seen = new HashSet<>(Set.of(layer));
    Deque<String> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      for (String input : graph.getVertexInputs().getOrDefault(open.pop(), List.of())) {
        if (seen.add(input)) {
          open.push(input);
        }
      }
    }
    return seen;
  }

  /**
   * @param parameters of the whole graph
   * @return those of the part, in its own order
   */
  static float[] copy(FlatLayout whole, float[] parameters, FlatLayout part) {
    Map<String, Segment> byName = new HashMap<>();
    whole.segments().forEach(segment -> byName.put(segment.name(), segment));
    float[] own = new float[part.length()];
    for (Segment segment : part.segments()) {
      Segment from = byName.get(segment.name());
      System.arraycopy(parameters, from.offset(), own, segment.offset(), segment.length());
    }
    return own;
  }
}
