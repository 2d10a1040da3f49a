package org.bellows.models.loss;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** {@link HeadLoss} for DL4J's graphs. */
final class TargetLoss implements ILossFunction {
  private static final long serialVersionUID = 1L;

  private final HeadLoss arithmetic;

  TargetLoss(HeadLoss arithmetic) {
    this.arithmetic = arithmetic;
  }

  HeadLoss arithmetic() {
    return arithmetic;
  }

  @Override
  public double computeScore(
      INDArray labels, INDArray logits, IActivation softmax, INDArray mask, boolean average) {
    double sum = 0;
    for (float loss : losses(labels, logits, null)) {
      sum += loss;
    }
    return average ? sum / logits.size(0) : sum;
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray logits, IActivation softmax, INDArray mask) {
    return Nd4j.create(losses(labels, logits, null), new long[] {logits.size(0), 1}, 'c');
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray logits, IActivation softmax, INDArray mask) {
    float[] gradient = new float[Math.toIntExact(logits.length())];
    losses(labels, logits, gradient);
    return Nd4j.create(gradient, logits.shape(), 'c');
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray logits, IActivation softmax, INDArray mask, boolean average) {
    return Pair.of(
        computeScore(labels, logits, softmax, mask, average),
        computeGradient(labels, logits, softmax, mask));
  }

  private float[] losses(INDArray labels, INDArray logits, float[] gradient) {
    int n = Math.toIntExact(logits.size(0));
    int classes = Math.toIntExact(logits.size(1));
    int width = arithmetic.width(classes);
    if (labels.size(0) != n || labels.size(1) != width) {
      throw new IllegalArgumentException(
          "labels are [%d, %d], expected [%d, %d]"
              .formatted(labels.size(0), labels.size(1), n, width));
    }
    return arithmetic.losses(
        labels.dup('c').data().asFloat(), logits.dup('c').data().asFloat(), classes, gradient);
  }

  @Override
  public String name() {
    return "cross-entropy of weighted targets and a teacher";
  }
}
