// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import java.util.List;
import java.util.Map;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.FlatLayout;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/** From a network's graph to DL4J's. */
public final class Dl4jGraph {
  private Dl4jGraph() {}

  /**
   * The classes and settings that DL4J needs to make the graph. It has no updater and no
   * regularisation: the training loop does these on the flat vector.
   *
   * @param seed of the initial parameters
   */
  public static ComputationGraphConfiguration configuration(NetworkGraph network, long seed) {
    InputShape input = network.inputShape();
    GraphBuilder builder =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .updater(new NoOp())
            .activation(Activation.IDENTITY)
            .graphBuilder()
            .addInputs(network.input())
            .setInputTypes(
                InputType.convolutional(input.height(), input.width(), input.channels()));
    for (NetworkGraph.Vertex vertex : network.numbered()) {
      vertex.layer().accept(new Dl4jLayers(builder, vertex));
    }
    return builder.setOutputs(network.heads().toArray(String[]::new)).build();
  }

  /**
   * The graph with its initial parameters.
   *
   * @param seed of the initial parameters
   * @throws IllegalStateException when DL4J has other parameters than {@link FlatLayout} says, or
   *     in another order
   */
  public static ComputationGraph initialised(NetworkGraph network, long seed) {
    ComputationGraph graph = new ComputationGraph(configuration(network, seed));
    graph.init();
    requireLayout(graph, FlatLayout.of(network));
    return graph;
  }

  /**
   * The graph without drawing parameters, which takes longer than a pass where a layer is wide.
   * They are zeros until they are written.
   *
   * @throws IllegalStateException as {@link #initialised}
   */
  public static ComputationGraph unwritten(NetworkGraph network) {
    ComputationGraph graph = new ComputationGraph(configuration(network, 0));
    FlatLayout layout = FlatLayout.of(network);
    graph.init(Nd4j.create(DataType.FLOAT, 1, layout.length()), false);
    requireLayout(graph, layout);
    return graph;
  }

  private static void requireLayout(ComputationGraph graph, FlatLayout layout) {
    Map<String, INDArray> arrays = graph.paramTable();
    if (graph.numParams() != layout.length() || arrays.size() != layout.segments().size()) {
      throw new IllegalStateException(
          "DL4J has %d arrays of %d parameters, expected %d of %d"
              .formatted(
                  arrays.size(), graph.numParams(), layout.segments().size(), layout.length()));
    }
    for (FlatLayout.ParameterSlot slot : layout.segments()) {
      INDArray array = arrays.get(slot.name());
      if (array == null || array.offset() != slot.offset() || array.length() != slot.length()) {
        throw new IllegalStateException(
            "DL4J has %s at %s, expected %s"
                .formatted(
                    slot.name(),
                    array == null ? "no place" : List.of(array.offset(), array.length()),
                    slot));
      }
    }
  }

  /**
   * The initial parameters.
   *
   * @return [FlatLayout.length]
   */
  public static float[] initialParameters(NetworkGraph network, long seed) {
    ComputationGraph graph = initialised(network, seed);
    try (INDArray parameters = graph.params()) {
      return parameters.data().asFloat();
    }
  }
}
