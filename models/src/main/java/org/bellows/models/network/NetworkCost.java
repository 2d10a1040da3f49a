package org.bellows.models.network;

import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The two numbers that papers print.
 *
 * @param trainableParameters floats that the optimizer moves
 * @param flops multiply-adds of the convolutions and dense layers for one image, forward, as He et
 *     al. 2015 (Table 1) count them
 */
public record NetworkCost(long trainableParameters, long flops) {

  /** For the shape and the number of classes that published counts refer to. */
  public static NetworkCost of(NetworkDefinition definition) {
    InputShape input = definition.usualInput();
    ComputationGraphConfiguration configuration =
        definition.builder().build(input, definition.usualClasses(), 0);
    ComputationGraph graph = new ComputationGraph(configuration);
    graph.init();
    return new NetworkCost(FlatLayout.of(graph).trainableParameters(), flops(configuration, input));
  }

  private static long flops(ComputationGraphConfiguration configuration, InputShape input) {
    InputType image = InputType.convolutional(input.height(), input.width(), input.channels());
    long flops = 0;
    Map<String, InputType> types = configuration.getLayerActivationTypes(image);
    for (Map.Entry<String, GraphVertex> entry : configuration.getVertices().entrySet()) {
      if (entry.getValue() instanceof LayerVertex vertex) {
        flops += flops(vertex.getLayerConf().getLayer(), types.get(entry.getKey()));
      }
    }
    return flops;
  }

  private static long flops(Layer layer, InputType output) {
    if (layer instanceof ConvolutionLayer convolution) {
      InputType.InputTypeConvolutional map = (InputType.InputTypeConvolutional) output;
      long window = (long) convolution.getKernelSize()[0] * convolution.getKernelSize()[1];
      return map.getHeight()
          * map.getWidth()
          * window
          * convolution.getNIn()
          * convolution.getNOut();
    }
    if (layer instanceof DenseLayer dense) {
      return dense.getNIn() * dense.getNOut();
    }
    return layer instanceof OutputLayer dense ? dense.getNIn() * dense.getNOut() : 0;
  }
}
