package org.bellows.models.loss;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

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
 * <p>Labels are [n, classes], or [n, 2 * classes] with the teacher's answers behind the targets.
 * Arithmetic is double, sample by sample, so that it is the same for every batch size.
 */
final class TargetLoss implements ILossFunction {
  private static final long serialVersionUID = 1L;

  private final double factor;
  private final double share;
  private final double temperature;

  /**
   * @param factor of the whole loss: 1, or what an auxiliary head counts
   * @param share of the teacher's part, 0 to 1; 0 without teacher
   */
  TargetLoss(double factor, double share, double temperature) {
    this.factor = factor;
    this.share = share;
    this.temperature = temperature;
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

  /** Of the logits' type. */
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
    int width = share == 0 ? classes : 2 * classes;
    if (labels.size(0) != n || labels.size(1) != width) {
      throw new IllegalArgumentException(
          "labels are [%d, %d], expected [%d, %d]"
              .formatted(labels.size(0), labels.size(1), n, width));
    }
    double[] t = labels.dup('c').data().asDouble();
    double[] z = logits.dup('c').data().asDouble();
    double[] losses = new double[n];
    double[] hard = new double[classes];
    double[] soft = new double[classes];
    for (int i = 0; i < n; i++) {
      logSoftmax(z, i * classes, 1, hard);
      double loss = (1 - share) * crossEntropy(t, i * width, hard);
      if (share > 0) {
        logSoftmax(z, i * classes, temperature, soft);
        loss += share * temperature * temperature * divergence(t, i * width + classes, soft);
      }
      losses[i] = factor * loss;
      if (gradient != null) {
        gradientOf(t, i * width, hard, soft, gradient, i * classes);
      }
    }
    return losses;
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

  @Override
  public String name() {
    return "cross-entropy of weighted targets and a teacher";
  }
}
