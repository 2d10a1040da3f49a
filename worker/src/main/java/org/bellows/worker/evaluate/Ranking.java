// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.bellows.worker.evaluate.metric.ClassAnswer;

/**
 * Orders classes by probability; of equal ones the lower label comes first. Values that are not
 * finite come after all others.
 */
public final class Ranking {
  private Ranking() {}

  /**
   * Whether all classes have a finite number: else the answer says nothing, and counts as wrong.
   *
   * @param probabilities [.., classes], this sample's from index {@code from} on
   */
  public static boolean isFinite(float[] probabilities, int from, int classes) {
    for (int i = from; i < from + classes; i++) {
      if (!Float.isFinite(probabilities[i])) {
        return false;
      }
    }
    return true;
  }

  /**
   * @param probabilities [.., classes], this sample's from index {@code from} on
   * @param actual label of the sample
   */
  static ClassAnswer answer(float[] probabilities, int from, int classes, int actual) {
    if (!isFinite(probabilities, from, classes)) {
      return ClassAnswer.notFinite(actual);
    }
    int predicted = first(probabilities, from, classes);
    return new ClassAnswer(
        actual,
        predicted,
        rank(probabilities, from, classes, actual),
        probabilities[from + actual],
        probabilities[from + predicted]);
  }

  /** The number of classes that come before this one. */
  public static int rank(float[] probabilities, int from, int classes, int label) {
    int rank = 0;
    float own = orLast(probabilities[from + label]);
    for (int other = 0; other < classes; other++) {
      float probability = orLast(probabilities[from + other]);
      if (probability > own || (probability == own && other < label)) {
        rank++;
      }
    }
    return rank;
  }

  /** The label that comes first. */
  public static int first(float[] probabilities, int from, int classes) {
    int best = 0;
    for (int label = 1; label < classes; label++) {
      if (orLast(probabilities[from + label]) > orLast(probabilities[from + best])) {
        best = label;
      }
    }
    return best;
  }

  private static float orLast(float probability) {
    return Float.isFinite(probability) ? probability : Float.NEGATIVE_INFINITY;
  }

  /**
   * The labels whose probability reaches their threshold, rising.
   *
   * @param thresholds as many as there are probabilities
   */
  public static int[] reaching(float[] probabilities, double[] thresholds) {
    return IntStream.range(0, probabilities.length)
        .filter(label -> probabilities[label] >= thresholds[label])
        .toArray();
  }

  /** The labels that come first, at most count. */
  public static int[] top(float[] probabilities, int count) {
    Comparator<Integer> order =
        Comparator.comparing((Integer label) -> -orLast(probabilities[label]))
            .thenComparing(Comparator.naturalOrder());
    return IntStream.range(0, probabilities.length)
        .boxed()
        .sorted(order)
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
