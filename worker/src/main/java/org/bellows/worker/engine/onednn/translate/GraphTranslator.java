package org.bellows.worker.engine.onednn.translate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bellows.worker.engine.onednn.node.ActivationNode;
import org.bellows.worker.engine.onednn.node.AddNode;
import org.bellows.worker.engine.onednn.node.ConvolutionNode;
import org.bellows.worker.engine.onednn.node.ImageNode;
import org.bellows.worker.engine.onednn.node.MergeNode;
import org.bellows.worker.engine.onednn.node.Node;
import org.bellows.worker.engine.onednn.node.PoolNode;
import org.bellows.worker.engine.onednn.node.ScaleNode;
import org.bellows.worker.engine.onednn.plan.Function;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/**
 * From DL4J's description of a graph to nodes. Where one vertex's work can be done on the way of
 * another's, one node stands for both: ReLU behind BatchNorm, any activation behind a sum.
 */
public final class GraphTranslator {
  private final ComputationGraphConfiguration graph;
  private final long[] sample;
  private final Set<String> wanted;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Map<String, List<String>> consumers = new HashMap<>();

  /**
   * @param sample channels, height, width of an image
   * @param wanted vertices whose outputs are asked for; what they do not need is left out
   */
  public GraphTranslator(
      ComputationGraphConfiguration graph, long[] sample, Collection<String> wanted) {
    this.graph = graph;
    this.sample = sample.clone();
    this.wanted = Set.copyOf(wanted);
    graph
        .getVertexInputs()
        .forEach(
            (name, inputs) ->
                inputs.forEach(
                    input -> consumers.computeIfAbsent(input, i -> new ArrayList<>()).add(name)));
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
    Node made =
        graph.getNetworkInputs().contains(name) ? new ImageNode(name, sample) : translate(name);
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
    GraphVertex vertex = graph.getVertices().get(name);
    if (vertex == null) {
      throw new IllegalArgumentException("the network has no vertex " + name);
    }
    if (vertex instanceof LayerVertex holder) {
      return layer(name, holder);
    }
    List<Node> inputs = inputs(name);
    if (vertex instanceof ElementWiseVertex element
        && element.getOp() == ElementWiseVertex.Op.Add) {
      return new AddNode(name, inputs, Function.IDENTITY);
    } else if (vertex instanceof MergeVertex) {
      return new MergeNode(name, inputs);
    } else if (vertex instanceof ScaleVertex scale) {
      return new ScaleNode(name, inputs.get(0), scale.getScaleFactor());
    }
    return OwnVertices.translate(name, vertex, inputs);
  }

  private List<Node> inputs(String name) {
    return graph.getVertexInputs().get(name).stream().map(this::node).toList();
  }

  private Node layer(String name, LayerVertex holder) {
    Layer layer = holder.getLayerConf().getLayer();
    String from = graph.getVertexInputs().get(name).get(0);
    if (layer instanceof ActivationLayer activation) {
      return activation(name, from, Function.of(name, activation.getActivationFn()));
    }
    Node input = node(from);
    if (layer instanceof SubsamplingLayer pool) {
      return pool(name, input, pool, from);
    }
    return LayerNodes.translate(name, holder, input);
  }

  private Node activation(String name, String from, Function function) {
    GraphVertex before = graph.getVertices().get(from);
    if (isSeenBy(from, name)) {
      if (before instanceof LayerVertex holder
          && holder.getLayerConf().getLayer() instanceof BatchNormalization norm
          && function.equals(Function.RELU)) {
        String source = graph.getVertexInputs().get(from).get(0);
        return LayerNodes.norm(from, norm, node(source), true);
      }
      if (before instanceof ElementWiseVertex element
          && element.getOp() == ElementWiseVertex.Op.Add
          && function.fromResult()) {
        return new AddNode(name, inputs(from), function);
      }
    }
    return new ActivationNode(name, node(from), function);
  }

  private Node pool(String name, Node input, SubsamplingLayer layer, String from) {
    PoolNode pool =
        new PoolNode(
            name,
            input,
            LayerNodes.isMax(name, layer.getPoolingType()),
            LayerNodes.sliding(name, layer));
    boolean isMax = layer.getPoolingType() == PoolingType.MAX;
    if (isMax
        && isSeenBy(from, name)
        && input instanceof ConvolutionNode convolution
        && convolution.activation().equals(Function.RELU)) {
      convolution.setActivationDerivedBehind();
      pool.setActivationBefore(Function.RELU);
    }
    return pool;
  }

  /** Whether one vertex alone sees another's output. */
  private boolean isSeenBy(String name, String consumer) {
    return !wanted.contains(name) && consumers.get(name).equals(List.of(consumer));
  }
}
