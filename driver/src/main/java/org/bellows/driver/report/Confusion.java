package org.bellows.driver.report;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.bellows.worker.evaluate.Evaluation;

/**
 * Counts of a confusion matrix with their class names. It takes what it gets: a report must not
 * fail at the end of a run over a missing name, so absent rows count as zero and absent names are
 * numbered.
 */
final class Confusion {
  /** So many samples of one class were taken for another. */
  record Pair(int actual, int predicted, long count) {}

  /**
   * How well one class is told from the others; NaN where nothing can be said.
   *
   * @param samples that are of this class
   */
  record ClassScore(int label, long samples, double precision, double recall, double f1) {}

  private final List<String> names;
  private final long[][] counts;
  private final int size;
  private final long[] actualTotals;
  private final long[] predictedTotals;

  Confusion(Evaluation evaluation) {
    names = evaluation.classes();
    counts = evaluation.confusion();
    int widest = 0;
    for (long[] row : counts) {
      widest = Math.max(widest, row.length);
    }
    size = Math.max(names.size(), Math.max(counts.length, widest));
    actualTotals = new long[size];
    predictedTotals = new long[size];
    for (int actual = 0; actual < counts.length; actual++) {
      for (int predicted = 0; predicted < counts[actual].length; predicted++) {
        actualTotals[actual] += counts[actual][predicted];
        predictedTotals[predicted] += counts[actual][predicted];
      }
    }
  }

  int size() {
    return size;
  }

  String name(int label) {
    return label >= 0 && label < names.size() ? names.get(label) : "class " + label;
  }

  long count(int actual, int predicted) {
    return actual < counts.length && predicted < counts[actual].length
        ? counts[actual][predicted]
        : 0;
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
    for (int actual = 0; actual < counts.length; actual++) {
      for (int predicted = 0; predicted < counts[actual].length; predicted++) {
        if (actual != predicted && counts[actual][predicted] > 0) {
          kept.add(new Pair(actual, predicted, counts[actual][predicted]));
          if (kept.size() > limit) {
            kept.remove();
          }
        }
      }
    }
    return kept.stream().sorted(order).toList();
  }

  /** In label order. */
  List<ClassScore> scores() {
    return IntStream.range(0, size).mapToObj(this::score).toList();
  }

  private ClassScore score(int label) {
    long right = count(label, label);
    long both = actualTotals[label] + predictedTotals[label];
    return new ClassScore(
        label,
        actualTotals[label],
        ratio(right, predictedTotals[label]),
        ratio(right, actualTotals[label]),
        ratio(2 * right, both));
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? Double.NaN : (double) part / whole;
  }
}
