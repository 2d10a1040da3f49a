package org.bellows.models.graph;

import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Where a graph begins and ends: the image's vertex, and softmax with cross-entropy. */
public final class Heads {
  /** The one input, [n, channels, height, width]. */
  public static final String INPUT = "image";

  /** The network's answer, [n, classes]. */
  public static final String OUTPUT = "output";

  private Heads() {}

  /** A dense layer whose softmax is the network's answer. */
  public static String classifier(GraphSketch sketch, String from, int classes, Weights weights) {
    return dense(sketch, OUTPUT, from, classes, weights, new LossMCXENT());
  }

  /**
   * Softmax of what is there already.
   *
   * @param from [n, classes]
   */
  public static String softmax(GraphSketch sketch, String from) {
    return sketch.layer(
        OUTPUT,
        new LossLayer.Builder(new LossMCXENT()).activation(Activation.SOFTMAX).build(),
        from);
  }

  /**
   * A dense layer with softmax whose cross-entropy is added to the loss, times a weight, in
   * training; see Szegedy et al. 2014, section 5.
   */
  public static String auxiliary(
      GraphSketch sketch, String name, String from, int classes, AuxiliaryStyle style) {
    ILossFunction loss =
        new LossMCXENT(Nd4j.valueArrayOf(new long[] {1, classes}, style.loss(), DataType.FLOAT));
    return dense(sketch, name, from, classes, style.weights(), loss);
  }

  /**
   * @param loss what the head's cross-entropy is multiplied with
   */
  public record AuxiliaryStyle(Weights weights, double loss) {}

  private static String dense(
      GraphSketch sketch,
      String name,
      String from,
      int classes,
      Weights weights,
      ILossFunction loss) {
    return sketch.layer(
        name,
        new OutputLayer.Builder(loss)
            .nOut(classes)
            .activation(Activation.SOFTMAX)
            .weightInit(weights.of(sketch.elements(from), classes))
            .build(),
        from);
  }
}
