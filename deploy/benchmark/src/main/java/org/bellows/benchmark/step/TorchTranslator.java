package org.bellows.benchmark.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bellows.models.graph.ChannelScale;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;

/** From DL4J's description of a graph, which is Bellows's, to PyTorch's operations. */
final class TorchTranslator {
  private final ComputationGraphConfiguration graph;
  private final TorchLayers layers;
  private final List<TorchOperation> operations = new ArrayList<>();
  private final Set<String> known;

  private TorchTranslator(ComputationGraphConfiguration graph, TorchParameters parameters) {
    this.graph = graph;
    this.layers = new TorchLayers(parameters);
    this.known = new HashSet<>(graph.getNetworkInputs());
  }

  /**
   * @return operations in an order in which each comes behind what it needs; the last gives the
   *     logits, [n, classes]
   * @throws IllegalArgumentException for what no network of the benchmark has, auxiliary heads
   *     among it
   */
  static List<TorchOperation> translate(
      ComputationGraphConfiguration graph, TorchParameters parameters) {
    List<String> heads = graph.getNetworkOutputs();
    if (heads.size() != 1) {
      throw new IllegalArgumentException("expected one head, actual " + heads);
    }
    TorchTranslator translator = new TorchTranslator(graph, parameters);
    translator.visit(heads.get(0));
    return translator.operations;
  }

  private void visit(String name) {
    if (known.add(name)) {
      List<String> inputs = graph.getVertexInputs().get(name);
      inputs.forEach(this::visit);
      operations.add(new TorchOperation(name, inputs, function(name)));
    }
  }

  private TorchOperation.Function function(String name) {
    GraphVertex vertex = graph.getVertices().get(name);
    if (vertex instanceof LayerVertex holder) {
      return layers.translate(name, holder.getLayerConf().getLayer());
    } else if (vertex instanceof ElementWiseVertex element
        && element.getOp() == ElementWiseVertex.Op.Add) {
      return (inputs, training) -> NDArrays.add(inputs.toArray(NDArray[]::new));
    } else if (vertex instanceof MergeVertex) {
      return (inputs, training) -> NDArrays.concat(new NDList(inputs.toArray(NDArray[]::new)), 1);
    } else if (vertex instanceof ScaleVertex scale) {
      return (inputs, training) -> inputs.get(0).mul((float) scale.getScaleFactor());
    } else if (vertex instanceof ChannelScale) {
      return (inputs, training) -> {
        NDArray scales = inputs.get(1);
        long[] shape = {scales.getShape().get(0), scales.getShape().get(1), 1, 1};
        return inputs.get(0).mul(scales.reshape(shape));
      };
    }
    throw TorchLayers.unknown(name, vertex);
  }
}
