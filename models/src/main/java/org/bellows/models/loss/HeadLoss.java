// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.loss;

import java.io.Serializable;

/**
 * The loss of a head that says something of each sample. Logits are [n, classes], row-major.
 * Arithmetic is double, sample by sample, so that it is the same for every batch size.
 */
public sealed interface HeadLoss extends Serializable
    permits SoftmaxCrossEntropy, BinaryCrossEntropy {

  /** Plain cross-entropy of distributions, times a factor. */
  static HeadLoss crossEntropy(double factor) {
    return new SoftmaxCrossEntropy(factor, false, 0, 1);
  }

  /** The factor of the whole loss: 1, or the weight of an auxiliary head. */
  double factor();

  /** Whether it is cross-entropy of distributions without weights and without a teacher. */
  boolean isPlain();

  /**
   * Whether a sample is of any number of classes: each class then has a probability of its own, and
   * those of a sample do not sum to 1.
   */
  boolean isMultiLabel();

  /** The number of label values of one sample. */
  int width(int classes);

  /**
   * @param labels [n, width(classes)], row-major
   * @param logits [n, classes], row-major
   * @param gradient [n, classes], filled unless null
   * @return loss of each sample [n]
   * @throws IllegalArgumentException when there are more or fewer labels
   */
  double[] losses(double[] labels, double[] logits, int classes, double[] gradient);

  /**
   * What the network answers.
   *
   * @param logits [n, classes], row-major
   * @return probabilities [n, classes], row-major
   */
  float[] probabilities(double[] logits, int classes);

  /**
   * @return n
   * @throws IllegalArgumentException when there are more or fewer labels
   */
  default int requireWidth(double[] labels, double[] logits, int classes) {
    int n = logits.length / classes;
    int width = width(classes);
    if (labels.length != n * width) {
      throw new IllegalArgumentException(
          "labels are [%d, %s], expected [%d, %d]"
              .formatted(n, labels.length / (double) n, n, width));
    }
    return n;
  }
}
