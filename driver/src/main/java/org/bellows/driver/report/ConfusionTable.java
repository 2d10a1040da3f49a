// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.metric.ClassScore;
import org.bellows.worker.evaluate.metric.ConfusionCounts;

/**
 * Counts of a confusion matrix with their class names. It takes what it gets: a report must not
 * fail at the end of a run over a missing name, so absent names are numbered. After the classes
 * there is a column for answers that are not finite.
 */
final class ConfusionTable {
  /** So many samples of one class were predicted as another. */
  record Pair(int actual, int predicted, long count) {}

  static final String NOT_FINITE = "not finite";

  private final List<String> names;
  private final ConfusionCounts counts;
  private final int size;
  private final long[] actualTotals;
  private final long[] predictedTotals;

  ConfusionTable(Evaluation evaluation) {
    names = evaluation.classes();
    counts = evaluation.confusion();
    size = counts.classes();
    actualTotals = new long[size];
    predictedTotals = new long[size + 1];
    counts.forEach(
        (actual, predicted, count) -> {
          actualTotals[actual] += count;
          predictedTotals[predicted] += count;
        });
  }

  /** Classes. */
  int size() {
    return size;
  }

  /** The columns: the classes, and answers that are not finite if there are any. */
  int columns() {
    return predictedTotals[size] == 0 ? size : size + 1;
  }

  String name(int label) {
    if (label == size) {
      return NOT_FINITE;
    }
    return label >= 0 && label < names.size() ? names.get(label) : "class " + label;
  }

  long count(int actual, int predicted) {
    return counts.count(actual, predicted);
  }

  /** Share of the samples of class actual, 0 for a class without samples. */
  double share(int actual, int predicted) {
    return actualTotals[actual] == 0 ? 0 : (double) count(actual, predicted) / actualTotals[actual];
  }

  /** The most frequent confusions, most frequent first, equal ones by label. */
  List<Pair> mostConfused(int limit) {
    Comparator<Pair> order =
        Comparator.comparingLong(Pair::count)
            .reversed()
            .thenComparingInt(Pair::actual)
            .thenComparingInt(Pair::predicted);
    PriorityQueue<Pair> kept = new PriorityQueue<>(order.reversed());
    counts.forEach(
        (actual, predicted, count) -> {
          if (actual != predicted) {
            kept.add(new Pair(actual, predicted, count));
          }
          if (kept.size() > limit) {
            kept.remove();
          }
        });
    return kept.stream().sorted(order).toList();
  }

  /** In label order. */
  List<ClassScore> scores() {
    return counts.scores();
  }
}
