// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import org.bellows.conf.part.TrainingSettings;
import org.bellows.worker.train.TrainingPlan;

/**
 * Cuts a run into segments: at each epoch's end, and at each multiple of the checkpoint interval.
 */
public final class SegmentPlanner {
  private final TrainingSettings settings;
  private final long stepsPerEpoch;

  public SegmentPlanner(TrainingPlan plan) {
    this.settings = plan.settings();
    this.stepsPerEpoch = plan.stepsPerEpoch();
  }

  /** Steps [from, to) of one epoch. */
  record Span(long from, long to, boolean evaluate) {}

  long stepsPerEpoch() {
    return stepsPerEpoch;
  }

  long totalSteps() {
    return stepsPerEpoch * settings.train().epochs();
  }

  Span next(long step) {
    long epochEnd = (step / stepsPerEpoch + 1) * stepsPerEpoch;
    int interval = settings.checkpoint().intervalSteps();
    long to = interval == 0 ? epochEnd : Math.min(epochEnd, (step / interval + 1) * interval);
    return new Span(step, to, to == epochEnd && isEvaluated(epochEnd / stepsPerEpoch));
  }

  /** No steps, only the evaluation. */
  Span evaluation(long step) {
    return new Span(step, step, true);
  }

  /** Whether the run is evaluated when it has done so many steps. */
  public boolean isEvaluatedAt(long step) {
    return step > 0 && step % stepsPerEpoch == 0 && isEvaluated(step / stepsPerEpoch);
  }

  private boolean isEvaluated(long epochsDone) {
    return !settings.train().validationSplit().isBlank()
        && (epochsDone % settings.train().evaluateEveryEpochs() == 0
            || epochsDone == settings.train().epochs());
  }
}
