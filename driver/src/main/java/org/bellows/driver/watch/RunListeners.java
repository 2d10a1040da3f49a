// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch;

import java.util.List;
import org.bellows.driver.report.EpochEvaluation;
import org.bellows.driver.report.ExecutorChange;
import org.bellows.worker.metrics.RankMetrics;
import org.bellows.worker.metrics.StepMetrics;

/** Tells several, in their order. */
public record RunListeners(List<RunListener> all) implements RunListener {
  public RunListeners {
    all = List.copyOf(all);
  }

  @Override
  public void onAttempt(int attempt, int executors, long step) {
    all.forEach(listener -> listener.onAttempt(attempt, executors, step));
  }

  @Override
  public void onSegment(long from, long to, boolean evaluates) {
    all.forEach(listener -> listener.onSegment(from, to, evaluates));
  }

  @Override
  public void onStep(StepMetrics step) {
    all.forEach(listener -> listener.onStep(step));
  }

  @Override
  public void onSegmentDone(List<StepMetrics> steps, List<RankMetrics> ranks) {
    all.forEach(listener -> listener.onSegmentDone(steps, ranks));
  }

  @Override
  public void onEvaluation(EpochEvaluation evaluation) {
    all.forEach(listener -> listener.onEvaluation(evaluation));
  }

  @Override
  public void onFailure() {
    all.forEach(RunListener::onFailure);
  }

  @Override
  public void onPause(double seconds) {
    all.forEach(listener -> listener.onPause(seconds));
  }

  @Override
  public void onExecutors(ExecutorChange change) {
    all.forEach(listener -> listener.onExecutors(change));
  }

  @Override
  public void onNote(String note) {
    all.forEach(listener -> listener.onNote(note));
  }

  @Override
  public void onMemory(ExecutorMemoryUsage reading) {
    all.forEach(listener -> listener.onMemory(reading));
  }
}
