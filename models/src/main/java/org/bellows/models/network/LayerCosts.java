package org.bellows.models.network;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.LocalResponseNorm;
import org.bellows.models.graph.StochasticDepth;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;

/** What each vertex of a network costs, read off its configuration: no array is made. */
public final class LayerCosts {
  private LayerCosts() {}

  /** In the order in which the family adds them: each after those that it reads. */
  public static List<LayerCost> of(NetworkDefinition definition, InputShape input, int classes) {
    ComputationGraphConfiguration graph = definition.builder().build(input, classes, 0);
    InputType image = InputType.convolutional(input.height(), input.width(), input.channels());
    Map<String, InputType> shapes = graph.getLayerActivationTypes(image);
    Set<String> main = ancestors(graph, graph.getNetworkOutputs().get(0));
    List<LayerCost> costs = new ArrayList<>();
    for (Map.Entry<String, GraphVertex> entry : graph.getVertices().entrySet()) {
      String name = entry.getKey();
      List<String> inputs = graph.getVertexInputs().get(name);
      costs.add(cost(entry, inputs, shapes.get(name), !main.contains(name)));
    }
    return costs;
  }

  private static LayerCost cost(
      Map.Entry<String, GraphVertex> named,
      List<String> inputs,
      InputType shape,
      boolean auxiliary) {
    GraphVertex vertex = named.getValue();
    String what = LayerWords.of(vertex);
    if (vertex instanceof LayerVertex holder) {
      NeuralNetConfiguration layer = holder.getLayerConf();
      return new LayerCost(
          named.getKey(),
          what,
          isCompanion(layer.getLayer()),
          inputs,
          shape,
          trainableParameters(layer),
          multiplyAdds(layer.getLayer(), shape),
          auxiliary);
    }
    boolean companion = vertex instanceof StochasticDepth || vertex instanceof LocalResponseNorm;
    return new LayerCost(named.getKey(), what, companion, inputs, shape, 0, 0, auxiliary);
  }

  private static boolean isCompanion(Layer layer) {
    return layer instanceof BatchNormalization
        || layer instanceof ActivationLayer
        || layer instanceof DropoutLayer;
  }

  /** The vertex itself, all that it depends on, and the network's input. */
  static Set<String> ancestors(ComputationGraphConfiguration graph, String output) {
    Set<String> seen = new HashSet<>(Set.of(output));
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

  /** Floats of all parameter arrays, BatchNorm's running statistics among them. */
  public static long allParameters(ComputationGraphConfiguration graph) {
    long all = 0;
    for (GraphVertex vertex : graph.getVertices().values()) {
      if (vertex instanceof LayerVertex holder) {
        NeuralNetConfiguration layer = holder.getLayerConf();
        ParamInitializer initializer = layer.getLayer().initializer();
        all += initializer == null ? 0 : initializer.numParams(layer);
      }
    }
    return all;
  }

  /** All but BatchNorm's running mean and variance, one float a channel each. */
  private static long trainableParameters(NeuralNetConfiguration configuration) {
    ParamInitializer initializer = configuration.getLayer().initializer();
    long all = initializer.numParams(configuration);
    return configuration.getLayer() instanceof BatchNormalization norm
        ? all - 2 * norm.getNOut()
        : all;
  }

  private static long multiplyAdds(Layer layer, InputType output) {
    if (layer instanceof ConvolutionLayer convolution) {
      InputType.InputTypeConvolutional map = (InputType.InputTypeConvolutional) output;
      long window = (long) convolution.getKernelSize()[0] * convolution.getKernelSize()[1];
      // Each output channel of a depthwise convolution sees one input channel.
      long seen = layer instanceof DepthwiseConvolution2D ? 1 : convolution.getNIn();
      return map.getHeight() * map.getWidth() * window * seen * convolution.getNOut();
    }
    if (layer instanceof DenseLayer dense) {
      return dense.getNIn() * dense.getNOut();
    }
    return layer instanceof OutputLayer dense ? dense.getNIn() * dense.getNOut() : 0;
  }
}
