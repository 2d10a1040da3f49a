// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import org.bellows.models.loss.PixelLoss;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * {@link PixelLoss} for DL4J's graphs, which give the pixels of all pictures as rows: logits [n *
 * pixels, classes], labels shaped as they are, of which the first column is the label and the
 * second its weight.
 */
final class PixelTargetLoss implements ILossFunction {
  private static final long serialVersionUID = 1L;

  private final PixelLoss arithmetic;
  private final int pixels;

  /**
   * @param pixels of one picture
   */
  PixelTargetLoss(PixelLoss arithmetic, int pixels) {
    this.arithmetic = arithmetic;
    this.pixels = pixels;
  }

  @Override
  public double computeScore(
      INDArray labels, INDArray logits, IActivation softmax, INDArray mask, boolean average) {
    double sum = 0;
    for (double loss : losses(labels, logits, new float[Math.toIntExact(logits.length())])) {
      sum += loss;
    }
    long pictures = logits.size(0) / pixels;
    return average ? sum / (double) pictures : sum;
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray logits, IActivation softmax, INDArray mask) {
    throw new UnsupportedOperationException("a loss of pictures has no score of each pixel");
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray logits, IActivation softmax, INDArray mask) {
    float[] gradient = new float[Math.toIntExact(logits.length())];
    losses(labels, logits, gradient);
    return Nd4j.createFromArray(gradient)
        .castTo(logits.dataType())
        .reshape('c', logits.size(0), logits.size(1));
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels, INDArray logits, IActivation softmax, INDArray mask, boolean average) {
    return Pair.of(
        computeScore(labels, logits, softmax, mask, average),
        computeGradient(labels, logits, softmax, mask));
  }

  /**
   * @param gradient [n * pixels, classes], filled
   * @return loss of each picture [n]
   */
  private double[] losses(INDArray labels, INDArray logits, float[] gradient) {
    int classes = Math.toIntExact(logits.size(1));
    float[] rows = logits.dup('c').data().asFloat();
    float[] pairs = labels.dup('c').data().asFloat();
    double[] losses = new double[rows.length / classes / pixels];
    for (int i = 0; i < losses.length; i++) {
      float[] z = columns(rows, i * pixels * classes, classes);
      losses[i] =
          arithmetic.toGradientInPlace(
              z, classes, columns(pairs, i * pixels * classes, classes), 0);
      for (int pixel = 0; pixel < pixels; pixel++) {
        for (int c = 0; c < classes; c++) {
          gradient[(i * pixels + pixel) * classes + c] = z[c * pixels + pixel];
        }
      }
    }
    return losses;
  }

  /** [pixels, width] from an index on -> [width, pixels]. */
  private float[] columns(float[] rows, int from, int width) {
    float[] columns = new float[width * pixels];
    for (int pixel = 0; pixel < pixels; pixel++) {
      for (int c = 0; c < width; c++) {
        columns[c * pixels + pixel] = rows[from + pixel * width + c];
      }
    }
    return columns;
  }

  @Override
  public String name() {
    return "loss of pixels";
  }
}
