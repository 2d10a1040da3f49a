// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import org.bellows.models.loss.HeadLoss;
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

  @Override
  public double computeScore(
      INDArray labels, INDArray logits, IActivation softmax, INDArray mask, boolean average) {
    double sum = 0;
    for (double loss : losses(labels, logits, null)) {
      sum += loss;
    }
    return average ? sum / logits.size(0) : sum;
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray logits, IActivation softmax, INDArray mask) {
    return like(logits, losses(labels, logits, null), logits.size(0), 1);
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray logits, IActivation softmax, INDArray mask) {
    double[] gradient = new double[Math.toIntExact(logits.length())];
    losses(labels, logits, gradient);
    return like(logits, gradient, logits.shape());
  }

  /** An array of the logits' type. */
  private static INDArray like(INDArray logits, double[] values, long... shape) {
    return Nd4j.createFromArray(values).castTo(logits.dataType()).reshape('c', shape);
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray logits, IActivation softmax, INDArray mask, boolean average) {
    return Pair.of(
        computeScore(labels, logits, softmax, mask, average),
        computeGradient(labels, logits, softmax, mask));
  }

  /**
   * @param gradient [n, classes], filled unless null
   * @return loss of each sample [n]
   */
  private double[] losses(INDArray labels, INDArray logits, double[] gradient) {
    int n = Math.toIntExact(logits.size(0));
    int classes = Math.toIntExact(logits.size(1));
    int width = arithmetic.width(classes);
    if (labels.size(0) != n || labels.size(1) != width) {
      throw new IllegalArgumentException(
          "labels are [%d, %d], expected [%d, %d]"
              .formatted(labels.size(0), labels.size(1), n, width));
    }
    return arithmetic.losses(
        labels.dup('c').data().asDouble(), logits.dup('c').data().asDouble(), classes, gradient);
  }

  @Override
  public String name() {
    return arithmetic.toString();
  }
}
