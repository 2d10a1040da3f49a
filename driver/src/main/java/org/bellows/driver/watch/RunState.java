// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch;

import java.util.List;
import java.util.Optional;
import org.bellows.driver.progress.RunningAverages;
import org.bellows.driver.report.EpochEvaluation;
import org.bellows.driver.report.ExecutorChange;
import org.bellows.worker.metrics.RankMetrics;

/**
 * The state of a run at a moment.
 *
 * @param attempt from 1; 0 before the first
 * @param pauseSeconds without a step, of all changes of executors and recoveries of this start
 * @param step updates done
 * @param epoch the one that is trained, from 1
 * @param evaluations oldest first
 * @param ranks of the last segment
 * @param changes of executors, of all starts, oldest first
 * @param changesBefore how many of them are of earlier starts
 * @param readings of the executors that were heard of lately, by name
 */
public record RunState(
    Phase phase,
    int attempt,
    int failures,
    int executors,
    double pauseSeconds,
    long step,
    int epoch,
    Figures figures,
    List<EpochEvaluation> evaluations,
    List<RankMetrics> ranks,
    List<ExecutorMemoryUsage> readings,
    List<ExecutorChange> changes,
    int changesBefore,
    List<String> notes) {

  /**
   * Figures of the newest steps. NaN where nothing is known yet.
   *
   * @param loss mean of the last steps ({@link RunningAverages#LOSS_STEPS}), in nats
   * @param imagesPerSecond smoothed, all executors together
   * @param dataWaitShare of rank 0's time, 0 to 1
   * @param collectiveShare of rank 0's time, 0 to 1
   * @param hiddenShare of rank 0's time, 0 to 1: it exchanges while it computes
   * @param secondsLeft at the pace of now, without the evaluations to come
   */
  public record Figures(
      double loss,
      double learningRate,
      double imagesPerSecond,
      double dataWaitShare,
      double collectiveShare,
      double hiddenShare,
      double secondsLeft) {}

  /** The value of the last evaluation, if there was one. */
  Optional<EpochEvaluation> newestEvaluation() {
    return evaluations.isEmpty()
        ? Optional.empty()
        : Optional.of(evaluations.get(evaluations.size() - 1));
  }

  /** How often this happened to the executors since this start. */
  long count(ExecutorChange.Kind kind) {
    return changes.stream()
        .skip(changesBefore)
        .flatMap(change -> change.causes().stream())
        .filter(cause -> cause.kind() == kind)
        .count();
  }

  /** The state of a run. */
  public enum Phase {
    WAITING("waiting for executors"),
    STARTING("starting"),
    TRAINING("training"),
    EVALUATING("evaluating");

    private final String words;

    Phase(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }
}
