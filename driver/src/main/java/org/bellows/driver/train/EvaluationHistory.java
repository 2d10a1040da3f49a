package org.bellows.driver.train;

import java.util.List;
import java.util.Optional;
import org.bellows.conf.Settings;
import org.bellows.driver.report.EpochEvaluation;

/**
 * What the evaluations of a run so far decide: which was the best, and whether the run has gone on
 * long enough without a better one. A function of configuration and logged numbers alone, so a
 * resumed run decides as one that was never interrupted.
 *
 * @param evaluations oldest first
 */
record EvaluationHistory(Settings.Train settings, List<EpochEvaluation> evaluations) {

  /** Of equal ones the earliest. */
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
    return switch (settings.bestMetric()) {
      case TOP1 -> one.top1() > other.top1();
      case LOSS -> one.loss() < other.loss();
    };
  }

  /** Whether this evaluation, not yet among them, would be the best. */
  boolean wouldBeBest(EpochEvaluation evaluation) {
    return best().map(before -> isBetter(evaluation, before)).orElse(true);
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
