// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch;

import java.util.List;
import org.bellows.driver.report.EpochEvaluation;
import org.bellows.driver.report.ExecutorChange;
import org.bellows.worker.metrics.RankMetrics;
import org.bellows.worker.metrics.StepMetrics;

/**
 * Called at the events of a training run, on the driver. The run waits for each call, so an
 * implementation must be quick, and it must not throw: what watches a run must not end it. {@link
 * #onStep} and {@link #onMemory} come on Spark's threads, the others on the run's own.
 */
public interface RunListener {
  /**
   * An attempt has its executors and is about to start or to resume.
   *
   * @param attempt from 1
   * @param step updates done; steps from this one on that were reported before will be repeated
   */
  default void onAttempt(int attempt, int executors, long step) {}

  /**
   * A segment is about to run.
   *
   * @param from first step
   * @param to one past the last step; equal to from where only the evaluation is missing
   * @param evaluates whether the validation split is evaluated afterwards
   */
  default void onSegment(long from, long to, boolean evaluates) {}

  /** Some of the steps, while their segment runs; perhaps after the segment has ended. */
  default void onStep(StepMetrics step) {}

  /**
   * A segment is done.
   *
   * @param steps all of it, none if there was only an evaluation
   * @param ranks by rank; none if there were no steps
   */
  default void onSegmentDone(List<StepMetrics> steps, List<RankMetrics> ranks) {}

  default void onEvaluation(EpochEvaluation evaluation) {}

  /** The attempt has failed; another one follows, or the run ends. */
  default void onFailure() {}

  /**
   * The run has continued on other executors, or on the same after a failure.
   *
   * @param seconds from the last step before to the first after
   */
  default void onPause(double seconds) {}

  /**
   * The first segment on other executors is done.
   *
   * @param change also for the first of a start
   */
  default void onExecutors(ExecutorChange change) {}

  /** For the report: resumes, failures, steps that were skipped. */
  default void onNote(String note) {}

  /** From each executor every few seconds. */
  default void onMemory(ExecutorMemoryUsage reading) {}
}
