// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.label;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Precision and recall of one class at each threshold that separates samples: those of a
 * probability of at least the threshold are taken for the class. Samples of equal probability are
 * separated by none.
 *
 * @param thresholds probabilities that occur, falling
 * @param predicted samples of at least that probability, by threshold
 * @param right those of them that are of the class
 * @param positives samples of the class
 */
public record PrecisionRecallCurve(
    float[] thresholds, long[] predicted, long[] right, long positives) {
  /** Where nothing says better. */
  private static final double HALF = 0.5;

  /**
   * One threshold.
   *
   * @param recall share of the samples of the class that are taken for it, 0 to 1
   * @param precision share of the samples taken for the class that are of it, 0 to 1
   */
  public record Point(double recall, double precision) {}

  /**
   * A threshold and what it gives.
   *
   * @param f1 0 to 1
   */
  public record Best(double threshold, double f1) {}

  /**
   * @param probabilities of samples in any order; none is NaN
   * @param isOfClass likewise
   */
  static PrecisionRecallCurve of(float[] probabilities, boolean[] isOfClass) {
    long[] keys = new long[probabilities.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = 2L * sortable(probabilities[i]) + (isOfClass[i] ? 1 : 0);
    }
    Arrays.sort(keys);
    float[] thresholds = new float[keys.length];
    long[] predicted = new long[keys.length];
    long[] right = new long[keys.length];
    int count = 0;
    long positives = 0;
    for (int i = keys.length - 1; i >= 0; i--) {
      positives += keys[i] & 1;
      boolean isLastOfEqual = i == 0 || keys[i] >> 1 != keys[i - 1] >> 1;
      if (isLastOfEqual) {
        thresholds[count] = unsorted((int) (keys[i] >> 1));
        predicted[count] = (long) keys.length - i;
        right[count++] = positives;
      }
    }
    return new PrecisionRecallCurve(
        Arrays.copyOf(thresholds, count),
        Arrays.copyOf(predicted, count),
        Arrays.copyOf(right, count),
        positives);
  }

  /** Whole numbers in the order of the floats; -0 is 0. */
  private static int sortable(float value) {
    int bits = Float.floatToIntBits(value + 0.0f);
    return bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
  }

  private static float unsorted(int sortable) {
    return Float.intBitsToFloat(sortable < 0 ? sortable ^ Integer.MAX_VALUE : sortable);
  }

  /**
   * The sum over the thresholds, falling, of (R_n - R_(n-1)) * P_n with precision P and recall R:
   * scikit-learn's {@code average_precision_score}. Nothing is interpolated.
   *
   * @return 0 to 1; NaN where no sample is of the class
   */
  public double averagePrecision() {
    double sum = 0;
    long before = 0;
    for (int i = 0; i < thresholds.length; i++) {
      sum += (right[i] - before) * ((double) right[i] / predicted[i]);
      before = right[i];
    }
    return positives == 0 ? Double.NaN : sum / positives;
  }

  /** Samples of at least this probability. */
  long predictedAt(double threshold) {
    int at = indexOf(threshold);
    return at < 0 ? 0 : predicted[at];
  }

  /** Those of them that are of the class. */
  long rightAt(double threshold) {
    int at = indexOf(threshold);
    return at < 0 ? 0 : right[at];
  }

  /** The last threshold that is at least as high; -1 for none. */
  private int indexOf(double threshold) {
    int at = -1;
    while (at + 1 < thresholds.length && thresholds[at + 1] >= threshold) {
      at++;
    }
    return at;
  }

  /**
   * The threshold of the largest F1, in the middle between the probabilities that it separates; of
   * several the highest. 0.5 where no sample is of the class.
   */
  public Best best() {
    int best = -1;
    double largest = 0;
    for (int i = 0; i < thresholds.length; i++) {
      double f1 = f1(i);
      if (f1 > largest && Float.isFinite(thresholds[i])) {
        best = i;
        largest = f1;
      }
    }
    return best < 0 ? new Best(HALF, 0) : new Best(middle(best), largest);
  }

  private double f1(int at) {
    return 2.0 * right[at] / (predicted[at] + positives);
  }

  private double middle(int at) {
    double below = at + 1 < thresholds.length ? Math.max(0, (double) thresholds[at + 1]) : 0;
    return (thresholds[at] + below) / 2;
  }

  /**
   * Some points, by rising recall: at most so many, the first and the last among them.
   *
   * @param most at least 2
   */
  public List<Point> points(int most) {
    List<Point> points = new ArrayList<>();
    int count = positives == 0 ? 0 : Math.min(most, thresholds.length);
    for (int i = 0; i < count; i++) {
      int at = count == 1 ? 0 : (int) ((long) i * (thresholds.length - 1) / (count - 1));
      points.add(new Point((double) right[at] / positives, (double) right[at] / predicted[at]));
    }
    return points;
  }
}
