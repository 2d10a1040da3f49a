package org.bellows.models.resnet;

import java.util.ArrayList;
import java.util.List;
import org.bellows.models.network.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * The residual networks for CIFAR-10 of He, Zhang, Ren, Sun, "Deep Residual Learning for Image
 * Recognition", 2015, section 4.2: depth 6n + 2, identity shortcuts everywhere (option A: where the
 * map shrinks every second pixel is taken and the new channels are zero).
 *
 * <pre>
 * stage   layers            output (32x32 input)
 * stem    3x3, 16           16 x 32 x 32
 * one     n blocks, 16      16 x 32 x 32
 * two     n blocks, 32 /2   32 x 16 x 16
 * three   n blocks, 64 /2   64 x  8 x  8
 * output  average, dense    classes
 * block   3x3, BN, ReLU, 3x3, BN, + shortcut, ReLU
 * </pre>
 *
 * <p>He initialisation; convolutions have no bias, BatchNorm follows each. Deviation: the zero
 * channels come after the shortcut's own (the paper does not say where).
 */
public final class CifarResNet {
  private static final InputShape USUAL_INPUT = new InputShape(3, 32, 32);
  private static final int USUAL_CLASSES = 10;

  /** Two halvings must leave a pixel or more. */
  private static final int SMALLEST_SIDE = 4;

  private static final int[] DEPTHS = {20, 32, 44, 56, 110};
  private static final int[] STAGE_CHANNELS = {16, 32, 64};
  private static final String PAPER = "He et al. 2015, \"Deep Residual Learning\", section 4.2";

  private CifarResNet() {}

  public static List<NetworkDefinition> family() {
    List<NetworkDefinition> family = new ArrayList<>();
    for (int depth : DEPTHS) {
      int blocks = (depth - 2) / 6;
      family.add(
          new NetworkDefinition(
              "resnet" + depth + "-cifar",
              PAPER,
              USUAL_INPUT,
              USUAL_CLASSES,
              SMALLEST_SIDE,
              (input, classes, seed) -> build(blocks, input, classes, seed)));
    }
    return family;
  }

  private static ComputationGraphConfiguration build(
      int blocks, InputShape input, int classes, long seed) {
    GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .updater(new NoOp())
            .activation(Activation.IDENTITY)
            .weightInit(WeightInit.RELU)
            .graphBuilder()
            .addInputs("image")
            .setInputTypes(
                InputType.convolutional(input.height(), input.width(), input.channels()));
    String last = convolutionWithNorm(graph, "stem", "image", STAGE_CHANNELS[0], 1);
    last = relu(graph, "stem-relu", last);
    for (int stage = 0; stage < STAGE_CHANNELS.length; stage++) {
      for (int block = 0; block < blocks; block++) {
        int stride = stage > 0 && block == 0 ? 2 : 1;
        String name = "stage%d-block%d".formatted(stage + 1, block + 1);
        last = block(graph, name, last, STAGE_CHANNELS[stage], stride);
      }
    }
    return graph
        .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), last)
        .addLayer(
            "output",
            new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(classes)
                .activation(Activation.SOFTMAX)
                .build(),
            "pool")
        .setOutputs("output")
        .build();
  }

  private static String block(
      GraphBuilder graph, String name, String from, int channels, int stride) {
    String shortcut = stride == 1 ? from : shrink(graph, name, from);
    String inner = convolutionWithNorm(graph, name + "-a", from, channels, stride);
    inner = relu(graph, name + "-a-relu", inner);
    inner = convolutionWithNorm(graph, name + "-b", inner, channels, 1);
    graph.addVertex(
        name + "-add", new ElementWiseVertex(ElementWiseVertex.Op.Add), inner, shortcut);
    return relu(graph, name + "-relu", name + "-add");
  }

  /** Every second pixel, twice the channels, the new ones zero. */
  private static String shrink(GraphBuilder graph, String name, String from) {
    graph.addLayer(
        name + "-every-second",
        new SubsamplingLayer.Builder(PoolingType.MAX).kernelSize(1, 1).stride(2, 2).build(),
        from);
    graph.addVertex(name + "-zero", new ScaleVertex(0), name + "-every-second");
    graph.addVertex(name + "-shortcut", new MergeVertex(), name + "-every-second", name + "-zero");
    return name + "-shortcut";
  }

  private static String convolutionWithNorm(
      GraphBuilder graph, String name, String from, int channels, int stride) {
    graph.addLayer(
        name,
        new ConvolutionLayer.Builder(3, 3)
            .nOut(channels)
            .stride(stride, stride)
            .padding(1, 1)
            .hasBias(false)
            .build(),
        from);
    // The logarithm of the deviation would average geometrically over lanes.
    graph.addLayer(name + "-norm", new BatchNormalization.Builder().useLogStd(false).build(), name);
    return name + "-norm";
  }

  private static String relu(GraphBuilder graph, String name, String from) {
    graph.addLayer(name, new ActivationLayer(Activation.RELU), from);
    return name;
  }
}
