// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.loss;

/**
 * Binary cross-entropy: each class is a question of its own (Wightman, Touvron, Jegou, "ResNet
 * strikes back", 2021: multi-label classification objectives). Of one sample with logits z, targets
 * t from 0 to 1 and C classes:
 *
 * <pre>
 * loss      = 1/C * sum(-t * log s - (1 - t) * log(1 - s))     s = 1 / (1 + exp(-z))
 * d loss/dz = 1/C * (s - t)
 * </pre>
 *
 * <p>It is computed as max(z, 0) - z * t + log(1 + exp(-|z|)), which is the same and overflows for
 * no z. The mean over the classes is that of PyTorch's {@code BCEWithLogitsLoss}.
 *
 * <p>Where each sample has one class, the answer is the softmax of z, as with {@link
 * SoftmaxCrossEntropy}; where it has any number of them, the answer is s, a probability of each
 * class by itself.
 *
 * @param factor of the whole loss: 1, or the weight of an auxiliary head
 * @param isMultiLabel whether a sample is of any number of classes
 */
public record BinaryCrossEntropy(double factor, boolean isMultiLabel) implements HeadLoss {
  /** Where each sample has one class. */
  public BinaryCrossEntropy(double factor) {
    this(factor, false);
  }

  @Override
  public boolean isPlain() {
    return false;
  }

  @Override
  public int width(int classes) {
    return classes;
  }

  @Override
  public double[] losses(double[] labels, double[] logits, int classes, double[] gradient) {
    double[] losses = new double[requireWidth(labels, logits, classes)];
    double scale = factor / classes;
    for (int i = 0; i < losses.length; i++) {
      double sum = 0;
      for (int at = i * classes; at < (i + 1) * classes; at++) {
        double z = logits[at];
        double small = StrictMath.exp(-Math.abs(z));
        sum += Math.max(z, 0) - z * labels[at] + StrictMath.log1p(small);
        if (gradient != null) {
          gradient[at] = scale * (sigmoid(z, small) - labels[at]);
        }
      }
      losses[i] = scale * sum;
    }
    return losses;
  }

  @Override
  public float[] probabilities(double[] logits, int classes) {
    if (!isMultiLabel) {
      return HeadLoss.crossEntropy(1).probabilities(logits, classes);
    }
    float[] probabilities = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = (float) sigmoid(logits[i], StrictMath.exp(-Math.abs(logits[i])));
    }
    return probabilities;
  }

  /**
   * @param small exp(-|z|)
   */
  private static double sigmoid(double z, double small) {
    return (z < 0 ? small : 1) / (1 + small);
  }
}
