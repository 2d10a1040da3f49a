// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

/**
 * A model's answer to one sample that has one class.
 *
 * @param actual label of the sample
 * @param predicted label that comes first; {@link #NONE} where the answer is not finite
 * @param before how many classes come before the actual one, 0 where the answer is right; {@link
 *     #NONE} where the answer is not finite
 * @param probability of the actual class, 0 to 1; NaN where the answer is not finite or its numbers
 *     are no probabilities
 * @param confidence the probability of the predicted class, 0 to 1; NaN likewise
 */
public record ClassAnswer(
    int actual, int predicted, int before, double probability, double confidence) {
  /** In the place of a label and a rank. */
  public static final int NONE = -1;

  /** A probability of at least one class is NaN or infinite: a mistake, however few classes. */
  public static ClassAnswer notFinite(int actual) {
    return new ClassAnswer(actual, NONE, NONE, Double.NaN, Double.NaN);
  }

  public boolean isFinite() {
    return predicted != NONE;
  }

  public boolean isRight() {
    return predicted == actual;
  }
}
