// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import java.util.List;
import java.util.Optional;
import org.bellows.conf.TrainSettings;
import org.bellows.driver.report.EpochEvaluation;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.evaluate.metric.Metrics;

/**
 * Decisions from the evaluations of a run so far: which was the best, and whether the run has
 * continued long enough without a better one. A function of configuration and logged numbers alone,
 * so a resumed run decides as one that was never interrupted.
 *
 * <p>Every evaluation in which all answers were finite is better than every other one, whatever its
 * figures. Of those others the one with the better headline metric is better: it stands in until
 * there is one in which all are finite.
 *
 * @param evaluations oldest first
 */
record EvaluationHistory(TrainSettings settings, List<EpochEvaluation> evaluations) {

  /**
   * Of equal ones the earliest. Only where no evaluation had all answers finite, it is one that had
   * not either.
   */
  Optional<EpochEvaluation> best() {
    EpochEvaluation best = null;
    for (EpochEvaluation evaluation : evaluations) {
      if (best == null || isBetter(evaluation, best)) {
        best = evaluation;
      }
    }
    return Optional.ofNullable(best);
  }

  private boolean isBetter(EpochEvaluation one, EpochEvaluation other) {
    if (one.allFinite() != other.allFinite()) {
      return one.allFinite();
    }
    Metric asked = Metrics.of(settings.bestMetric());
    // Where nothing is decided by it, the metric may be of answers of another kind.
    boolean hasAsked = one.metrics().has(asked) || other.metrics().has(asked);
    Metric metric = one.allFinite() && hasAsked ? asked : one.metrics().headline();
    // An evaluation by an older build may lack the metric.
    return one.metrics().has(metric)
        && (!other.metrics().has(metric)
            || metric.isBetter(one.value(metric), other.value(metric)));
  }

  /** Whether this evaluation, not yet among them, would be the best. */
  boolean wouldBeBest(EpochEvaluation evaluation) {
    return best().map(before -> isBetter(evaluation, before)).orElse(true);
  }

  /** The report's note on evaluations in which answers were not finite, if there were any. */
  Optional<String> notFiniteNote() {
    List<EpochEvaluation> broken = evaluations.stream().filter(e -> !e.allFinite()).toList();
    if (broken.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "in %d of %d evaluations (the first after epoch %d) the network gave answers that are not finite (NaN or infinite), up to %,d of them: they count as mistakes, and such a model is not chosen where another can be"
            .formatted(
                broken.size(),
                evaluations.size(),
                broken.get(0).epoch(),
                broken.stream().mapToLong(EpochEvaluation::notFinite).max().orElse(0)));
  }

  /** Whether {@code train.early-stopping-epochs} have brought no better evaluation. */
  boolean isOver() {
    int patience = settings.earlyStoppingEpochs();
    if (patience == 0 || evaluations.isEmpty()) {
      return false;
    }
    int newest = evaluations.get(evaluations.size() - 1).epoch();
    return newest - best().orElseThrow().epoch() >= patience;
  }
}
