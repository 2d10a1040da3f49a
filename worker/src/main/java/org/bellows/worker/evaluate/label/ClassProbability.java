// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.label;

/**
 * The probability of one class where each class is a question of its own, as a float has it. What
 * was rounded to 0 or 1 counts as a number beside it, so that a logit is finite.
 */
public final class ClassProbability {
  /** Half of the smallest normal float. */
  private static final double LEAST = 0x1p-127;

  /** In the middle between 1 and the float before it. */
  private static final double MOST = 1 - 0x1p-25;

  private ClassProbability() {}

  /** log(p / (1 - p)): -88.1 to 17.4. */
  public static double logit(float probability) {
    double p = inside(probability);
    return Math.log(p) - Math.log1p(-p);
  }

  /** sigmoid(z / T) of the logit z and a temperature T of more than 0. */
  public static float softened(float probability, double temperature) {
    double p = inside(probability);
    return (float) (1 / (1 + StrictMath.pow((1 - p) / p, 1 / temperature)));
  }

  private static double inside(float probability) {
    return Math.min(Math.max(probability, LEAST), MOST);
  }
}
