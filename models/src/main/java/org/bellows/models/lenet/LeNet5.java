package org.bellows.models.lenet;

import java.util.List;
import org.bellows.models.network.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * LeNet-5 of LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document
 * recognition", Proc. IEEE 86(11), 1998, section II.B and figure 2.
 *
 * <pre>
 * stage  kernel        output (28x28 input)
 * C1     5x5, pad 2    6 x 28 x 28
 * S2     pool 2x2 /2   6 x 14 x 14
 * C3     5x5          16 x 10 x 10
 * S4     pool 2x2 /2  16 x  5 x  5
 * C5     5x5 (dense)  120
 * F6     dense         84
 * output dense         classes
 * </pre>
 *
 * <p>Deviations, common to today's reimplementations: C3 sees all maps of S2 (the paper's Table I
 * leaves some out), the pools have no trainable coefficients, the output is a softmax instead of
 * Euclidean RBF units; 28x28 images are padded by 2 in C1, which is the paper's 32x32 frame. {@code
 * lenet5} has ReLU and max pooling with He's initialisation; {@code lenet5-tanh} has the paper's
 * scaled-tanh spirit (plain tanh), average pooling and Xavier's initialisation.
 */
public final class LeNet5 {
  private static final InputShape USUAL_INPUT = new InputShape(1, 28, 28);
  private static final int USUAL_CLASSES = 10;

  /** C3 needs 5 x 5 after S2 and S4 needs 2 x 2 after C3. */
  private static final int SMALLEST_SIDE = 12;

  private static final String PAPER = "LeCun et al. 1998, Proc. IEEE 86(11), section II.B";

  private LeNet5() {}

  public static List<NetworkDefinition> family() {
    return List.of(
        definition("lenet5", new Style(Activation.RELU, PoolingType.MAX, WeightInit.RELU)),
        definition("lenet5-tanh", new Style(Activation.TANH, PoolingType.AVG, WeightInit.XAVIER)));
  }

  private record Style(Activation activation, PoolingType pooling, WeightInit weights) {}

  private static NetworkDefinition definition(String name, Style style) {
    return new NetworkDefinition(
        name,
        PAPER,
        USUAL_INPUT,
        USUAL_CLASSES,
        SMALLEST_SIDE,
        (input, classes, seed) -> build(style, input, classes, seed));
  }

  private static ComputationGraphConfiguration build(
      Style style, InputShape input, int classes, long seed) {
    GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .updater(new NoOp())
            .activation(style.activation())
            .weightInit(style.weights())
            .graphBuilder()
            .addInputs("image")
            .setInputTypes(
                InputType.convolutional(input.height(), input.width(), input.channels()));
    return graph
        .addLayer("c1", convolution(6, 2), "image")
        .addLayer("s2", pool(style), "c1")
        .addLayer("c3", convolution(16, 0), "s2")
        .addLayer("s4", pool(style), "c3")
        .addLayer("c5", new DenseLayer.Builder().nOut(120).build(), "s4")
        .addLayer("f6", new DenseLayer.Builder().nOut(84).build(), "c5")
        .addLayer(
            "output",
            new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(classes)
                .activation(Activation.SOFTMAX)
                .weightInit(WeightInit.XAVIER)
                .build(),
            "f6")
        .setOutputs("output")
        .build();
  }

  private static ConvolutionLayer convolution(int maps, int padding) {
    return new ConvolutionLayer.Builder(5, 5).nOut(maps).padding(padding, padding).build();
  }

  private static SubsamplingLayer pool(Style style) {
    return new SubsamplingLayer.Builder(style.pooling()).kernelSize(2, 2).stride(2, 2).build();
  }
}
