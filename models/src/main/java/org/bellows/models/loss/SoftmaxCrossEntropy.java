// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.loss;

/**
 * Softmax and cross-entropy of weighted targets, and knowledge distillation (Hinton, Vinyals, Dean,
 * "Distilling the Knowledge in a Neural Network", 2015, section 2). Of one sample with logits z,
 * targets t and the teacher's softened answer q:
 *
 * <pre>
 * paper       here
 * q_i         p = softmax(z), p_T = softmax(z / T)
 * T           temperature;  share = a, the weight of the soft targets
 *
 * loss      = (1 - a) * -sum(t * log p)  +  a * T^2 * sum(q * log(q / p_T))
 * d loss/dz = (1 - a) * (sum(t) * p - t) +  a * T * (p_T - q)
 * </pre>
 *
 * <p>A row of targets need not sum to 1: its sum is the sample's weight. The factor T^2 keeps the
 * parts in proportion whatever the temperature (end of section 2). Deviation: Kullback-Leibler
 * divergence instead of cross-entropy with q, which differs by q's entropy, a constant: so the loss
 * of a perfect student is 0.
 *
 * <p>Labels are [n, classes], or [n, 2 * classes] with the teacher's answers after the targets.
 * Arithmetic is double, sample by sample, so that it is the same for every batch size.
 *
 * @param factor factor of the whole loss: 1, or the weight of an auxiliary head
 * @param isWeighted whether a row of targets may have another sum than 1
 * @param share of the teacher's part, 0 to 1; 0 without teacher
 * @param temperature T, more than 0
 */
public record SoftmaxCrossEntropy(
    double factor, boolean isWeighted, double share, double temperature) implements HeadLoss {

  @Override
  public boolean isPlain() {
    return !isWeighted;
  }

  @Override
  public boolean isMultiLabel() {
    return false;
  }

  /** Targets, then the teacher's answers. */
  @Override
  public int width(int classes) {
    return share == 0 ? classes : 2 * classes;
  }

  @Override
  public double[] losses(double[] labels, double[] logits, int classes, double[] gradient) {
    int n = requireWidth(labels, logits, classes);
    int width = width(classes);
    double[] losses = new double[n];
    double[] hard = new double[classes];
    double[] soft = new double[classes];
    for (int i = 0; i < n; i++) {
      logSoftmax(logits, i * classes, 1, hard);
      double loss = (1 - share) * crossEntropy(labels, i * width, hard);
      if (share > 0) {
        logSoftmax(logits, i * classes, temperature, soft);
        loss += share * temperature * temperature * divergence(labels, i * width + classes, soft);
      }
      losses[i] = factor * loss;
      if (gradient != null) {
        gradientOf(labels, i * width, hard, soft, gradient, i * classes);
      }
    }
    return losses;
  }

  /** The softmax of each row. */
  @Override
  public float[] probabilities(double[] logits, int classes) {
    float[] probabilities = new float[logits.length];
    double[] logs = new double[classes];
    for (int from = 0; from < logits.length; from += classes) {
      logSoftmax(logits, from, 1, logs);
      for (int c = 0; c < classes; c++) {
        probabilities[from + c] = (float) StrictMath.exp(logs[c]);
      }
    }
    return probabilities;
  }

  /** log softmax(z / temperature) of the classes from an index on. */
  private static void logSoftmax(double[] z, int from, double temperature, double[] logs) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < logs.length; c++) {
      logs[c] = z[from + c] / temperature;
      largest = Math.max(largest, logs[c]);
    }
    double sum = 0;
    for (double log : logs) {
      sum += StrictMath.exp(log - largest);
    }
    double norm = largest + StrictMath.log(sum);
    for (int c = 0; c < logs.length; c++) {
      logs[c] -= norm;
    }
  }

  private static double crossEntropy(double[] t, int from, double[] logs) {
    double sum = 0;
    for (int c = 0; c < logs.length; c++) {
      // 0 * -infinity is not a number.
      sum -= t[from + c] == 0 ? 0 : t[from + c] * logs[c];
    }
    return sum;
  }

  private static double divergence(double[] q, int from, double[] logs) {
    double sum = 0;
    for (int c = 0; c < logs.length; c++) {
      double of = q[from + c];
      sum += of == 0 ? 0 : of * (StrictMath.log(of) - logs[c]);
    }
    return sum;
  }

  private void gradientOf(
      double[] labels, int row, double[] hard, double[] soft, double[] gradient, int to) {
    double weight = 0;
    for (int c = 0; c < hard.length; c++) {
      weight += labels[row + c];
    }
    for (int c = 0; c < hard.length; c++) {
      double slope = (1 - share) * (weight * StrictMath.exp(hard[c]) - labels[row + c]);
      if (share > 0) {
        double taught = labels[row + hard.length + c];
        slope += share * temperature * (StrictMath.exp(soft[c]) - taught);
      }
      gradient[to + c] = factor * slope;
    }
  }
}
