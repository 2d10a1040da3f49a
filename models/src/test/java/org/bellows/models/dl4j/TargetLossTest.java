// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.bellows.models.loss.SoftmaxCrossEntropy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

class TargetLossTest {
  private static final int N = 5;
  private static final int CLASSES = 4;

  private static INDArray matrix(float[] values, int width) {
    return Nd4j.create(values, new long[] {values.length / width, width}, 'c');
  }

  private static float[] random(int length, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (random.nextDouble() * 6 - 3);
    }
    return values;
  }

  private static float[] distributions(long seed, double weight) {
    float[] rows = random(N * CLASSES, seed);
    for (int row = 0; row < N; row++) {
      double sum = 0;
      for (int c = 0; c < CLASSES; c++) {
        sum += Math.exp(rows[row * CLASSES + c]);
      }
      for (int c = 0; c < CLASSES; c++) {
        rows[row * CLASSES + c] = (float) (weight * Math.exp(rows[row * CLASSES + c]) / sum);
      }
    }
    return rows;
  }

  private static float[] beside(float[] left, float[] right) {
    float[] both = new float[2 * N * CLASSES];
    for (int row = 0; row < N; row++) {
      System.arraycopy(left, row * CLASSES, both, 2 * row * CLASSES, CLASSES);
      System.arraycopy(right, row * CLASSES, both, (2 * row + 1) * CLASSES, CLASSES);
    }
    return both;
  }

  private static double score(TargetLoss loss, INDArray labels, float[] z) {
    return loss.computeScore(labels, matrix(z, CLASSES), new ActivationSoftmax(), null, false);
  }

  @Test
  void isCrossEntropyWhereTargetsAreDistributionsAndNobodyTeaches() {
    INDArray labels = matrix(distributions(1, 1), CLASSES);
    INDArray logits = matrix(random(N * CLASSES, 2), CLASSES);
    TargetLoss loss = new TargetLoss(new SoftmaxCrossEntropy(1, true, 0, 1));
    LossMCXENT own = new LossMCXENT();
    ActivationSoftmax softmax = new ActivationSoftmax();
    assertThat(loss.computeScore(labels, logits.dup(), softmax, null, true))
        .isCloseTo(own.computeScore(labels, logits.dup(), softmax, null, true), within(1e-5));
    float[] ours = loss.computeGradient(labels, logits.dup(), softmax, null).data().asFloat();
    float[] theirs =
        own.computeGradient(labels, logits.dup(), softmax, null).dup('c').data().asFloat();
    for (int i = 0; i < ours.length; i++) {
      assertThat(ours[i]).isCloseTo(theirs[i], within(1e-5f));
    }
  }

  /**
   * Two classes, logits (2, 0), label (1, 0), teacher at T = 2 says (0.5, 0.5), share 0.25.
   *
   * <pre>
   * p   = 1 / (1 + e^-2) = 0.880797        -log p            = 0.126928
   * p_T = 1 / (1 + e^-1) = 0.731059        KL = 0.5 * ln(0.5 / 0.731059) + 0.5 * ln(0.5 / 0.268941)
   *                                           = 0.120115
   * loss = 0.75 * 0.126928 + 0.25 * 4 * 0.120115 = 0.215311
   * d/dz = 0.75 * (0.880797 - 1) + 0.25 * 2 * (0.731059 - 0.5) = 0.026127
   * </pre>
   */
  @Test
  void distillationByHand() {
    TargetLoss loss = new TargetLoss(new SoftmaxCrossEntropy(1, true, 0.25, 2));
    INDArray labels = matrix(new float[] {1, 0, 0.5f, 0.5f}, 4);
    INDArray logits = matrix(new float[] {2, 0}, 2);
    ActivationSoftmax softmax = new ActivationSoftmax();
    assertThat(loss.computeScore(labels, logits, softmax, null, false))
        .isCloseTo(0.215311, within(2e-6));
    INDArray gradient = loss.computeGradient(labels, logits, softmax, null);
    assertThat(gradient.getDouble(0)).isCloseTo(0.026127, within(2e-6));
    assertThat(gradient.getDouble(1)).isCloseTo(-0.026127, within(2e-6));
  }

  /**
   * In double precision: weighted targets, an auxiliary head's factor, a teacher beside them and a
   * teacher alone.
   */
  @ParameterizedTest
  @CsvSource({"1, 0, 1", "0.3, 0, 1", "0.3, 0.6, 3", "1, 1, 2"})
  void theGradientIsTheSlopeOfTheLoss(double factor, double share, double temperature) {
    TargetLoss loss = new TargetLoss(new SoftmaxCrossEntropy(factor, true, share, temperature));
    float[] targets = distributions(1, 2.5);
    INDArray labels =
        share == 0
            ? matrix(targets, CLASSES)
            : matrix(beside(targets, distributions(2, 1)), 2 * CLASSES);
    INDArray exact = labels.castTo(DataType.DOUBLE);
    INDArray logits = matrix(random(N * CLASSES, 3), CLASSES).castTo(DataType.DOUBLE);
    ActivationSoftmax softmax = new ActivationSoftmax();
    INDArray gradient = loss.computeGradient(exact, logits, softmax, null);
    assertThat(gradient.dataType()).isEqualTo(DataType.DOUBLE);
    double step = 1e-5;
    for (int i = 0; i < logits.length(); i++) {
      double z = logits.getDouble(i);
      logits.putScalar(i, z + step);
      double above = loss.computeScore(exact, logits, softmax, null, false);
      logits.putScalar(i, z - step);
      double below = loss.computeScore(exact, logits, softmax, null, false);
      logits.putScalar(i, z);
      double slope = (above - below) / (2 * step);
      // The rows come from floats, so that they add up to their weight but for a few 1e-8.
      assertThat(gradient.getDouble(i)).isCloseTo(slope, within(1e-7));
    }
  }

  @Test
  void aRowsSumIsItsWeight() {
    float[] z = random(N * CLASSES, 3);
    double once =
        score(
            new TargetLoss(new SoftmaxCrossEntropy(1, true, 0, 1)),
            matrix(distributions(1, 1), CLASSES),
            z);
    double thrice =
        score(
            new TargetLoss(new SoftmaxCrossEntropy(1, true, 0, 1)),
            matrix(distributions(1, 3), CLASSES),
            z);
    assertThat(thrice).isCloseTo(3 * once, within(1e-4));
  }

  @Test
  void labelsOfTheWrongWidthAreRefused() {
    INDArray labels = matrix(distributions(1, 1), CLASSES);
    assertThatThrownBy(
            () ->
                score(
                    new TargetLoss(new SoftmaxCrossEntropy(1, true, 0.5, 2)),
                    labels,
                    random(N * CLASSES, 3)))
        .hasMessage("labels are [5, 4], expected [5, 8]");
  }
}
