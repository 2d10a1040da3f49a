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
 * <p>Weighted, with p of each class ({@code pos_weight} of PyTorch's {@code BCEWithLogitsLoss}):
 *
 * <pre>
 * loss      = 1/C * sum(-p * t * log s - (1 - t) * log(1 - s))
 * d loss/dz = 1/C * (s * (p * t + 1 - t) - p * t)
 * </pre>
 *
 * <p>With a teacher's answers q, softened by the temperature T (Hinton, Vinyals, Dean, "Distilling
 * the Knowledge in a Neural Network", 2015, for each class as a question with two answers), s_T = 1
 * / (1 + exp(-z / T)) and share a, the loss above counts 1 - a, and in addition there is
 *
 * <pre>
 * loss      : a * T^2 / C * sum(q * log(q / s_T) + (1 - q) * log((1 - q) / (1 - s_T)))
 * d loss/dz : a * T / C * (s_T - q)
 * </pre>
 *
 * <p>The labels of a sample are the C numbers t; weighted the C numbers p * t and after them the C
 * numbers 1 - t. With a teacher the C numbers q come last.
 *
 * @param factor of the whole loss: 1, or the weight of an auxiliary head
 * @param isMultiLabel whether a sample is of any number of classes
 * @param isWeighted whether yes and no count differently
 * @param share of the teacher's part, 0 to 1; 0 without teacher
 * @param temperature T, more than 0
 */
public record BinaryCrossEntropy(
    double factor, boolean isMultiLabel, boolean isWeighted, double share, double temperature)
    implements HeadLoss {
  /** Where each sample has one class, yes counts as no, and nobody teaches. */
  public BinaryCrossEntropy(double factor) {
    this(factor, false, false, 0, 1);
  }

  /** The same where each sample has any number of classes. */
  public BinaryCrossEntropy ofSeveral() {
    return new BinaryCrossEntropy(factor, true, isWeighted, share, temperature);
  }

  @Override
  public boolean isPlain() {
    return false;
  }

  @Override
  public int width(int classes) {
    return classes * (1 + (isWeighted ? 1 : 0) + (share > 0 ? 1 : 0));
  }

  @Override
  public double[] losses(double[] labels, double[] logits, int classes, double[] gradient) {
    double[] losses = new double[requireWidth(labels, logits, classes)];
    int width = width(classes);
    double scale = factor / classes;
    for (int i = 0; i < losses.length; i++) {
      double sum = 0;
      for (int label = 0; label < classes; label++) {
        int at = i * classes + label;
        int own = i * width + label;
        double z = logits[at];
        double yes = labels[own];
        double no = isWeighted ? labels[own + classes] : 1 - yes;
        double small = small(z);
        sum += (1 - share) * loss(z, small, yes, no);
        double slope = (1 - share) * slope(z, small, yes, no);
        if (share > 0) {
          double q = labels[i * width + width - classes + label];
          double soft = z / temperature;
          double smallOfSoft = small(soft);
          sum += share * temperature * temperature * divergence(soft, smallOfSoft, q);
          slope += share * temperature * slope(soft, smallOfSoft, q, 1 - q);
        }
        if (gradient != null) {
          gradient[at] = scale * slope;
        }
      }
      losses[i] = scale * sum;
    }
    return losses;
  }

  private static double small(double z) {
    return StrictMath.exp(-Math.abs(z));
  }

  /**
   * yes * -log s + no * -log(1 - s), where -log s is max(-z, 0) + log(1 + exp(-|z|)) and -log(1 -
   * s) that of -z. Not weighted it is computed as above, whose bits earlier runs have.
   *
   * @param small exp(-|z|), as below
   */
  private double loss(double z, double small, double yes, double no) {
    double tail = StrictMath.log1p(small);
    return isWeighted
        ? yes * (Math.max(-z, 0) + tail) + no * (Math.max(z, 0) + tail)
        : Math.max(z, 0) - z * yes + tail;
  }

  private double slope(double z, double small, double yes, double no) {
    double s = sigmoid(z, small);
    return isWeighted ? s * (yes + no) - yes : s - yes;
  }

  /** Of Bernoulli's distribution of q from that of the sigmoid of z; 0 where they are the same. */
  private static double divergence(double z, double small, double q) {
    double tail = StrictMath.log1p(small);
    return entropyTerm(q)
        + entropyTerm(1 - q)
        + q * (Math.max(-z, 0) + tail)
        + (1 - q) * (Math.max(z, 0) + tail);
  }

  /** 0 * -infinity is not a number. */
  private static double entropyTerm(double q) {
    return q == 0 ? 0 : q * StrictMath.log(q);
  }

  @Override
  public float[] probabilities(double[] logits, int classes) {
    if (!isMultiLabel) {
      return HeadLoss.crossEntropy(1).probabilities(logits, classes);
    }
    float[] probabilities = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = (float) sigmoid(logits[i], small(logits[i]));
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
