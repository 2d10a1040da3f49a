// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.bellows.worker.evaluate.LabelFacts.WorstAnswer;

/** The wrong answers of the highest loss so far. Not thread-safe. */
final class WorstAnswers implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final Comparator<WorstAnswer> WORST_FIRST =
      Comparator.comparingDouble((WorstAnswer answer) -> -badness(answer.loss()))
          .thenComparingLong(WorstAnswer::sampleId);

  private final int most;
  private final List<WorstAnswer> worst = new ArrayList<>();

  WorstAnswers(int most) {
    this.most = most;
  }

  /**
   * @param answer asked for only if it may be among the worst
   */
  void offer(double loss, Supplier<WorstAnswer> answer) {
    if (worst.size() < most || (most > 0 && badness(loss) >= badness(worst.get(most - 1).loss()))) {
      add(answer.get());
    }
  }

  private void add(WorstAnswer answer) {
    worst.add(answer);
    worst.sort(WORST_FIRST);
    if (worst.size() > most) {
      worst.remove(most);
    }
  }

  void add(WorstAnswers other) {
    other.worst.forEach(this::add);
  }

  List<WorstAnswer> worst() {
    return List.copyOf(worst);
  }

  /** No mistake is worse than an answer that is not finite. */
  private static double badness(double loss) {
    return Double.isFinite(loss) ? loss : Double.POSITIVE_INFINITY;
  }
}
