// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bellows.conf.text.Words;
import org.bellows.driver.report.ExecutorChange;
import org.bellows.driver.run.MetricsLog;
import org.bellows.driver.watch.RunListener;
import org.bellows.worker.metrics.RankMetrics;
import org.bellows.worker.metrics.StepMetrics;

/**
 * What each change of a run's executors cost, and who was there afterwards. Steps are reported on
 * Spark's threads, all else comes on the run's own.
 */
final class ExecutorChanges implements RunListener {
  private final RunListener watch;
  private final MetricsLog log;

  /** Guarded by this; why the executors have changed since the last that was told. */
  private final List<ExecutorChange.Cause> causes = new ArrayList<>();

  /** Whether the next change is that of an attempt after the first. */
  private boolean isLater;

  /** Guarded by this; of the last step that is known, or of the start, by System.nanoTime. */
  private long lastStep;

  /** Guarded by this; whether no step has been taken since the executors changed. */
  private boolean isWaiting;

  /** Guarded by this; the seconds without a step, not told yet. */
  private Optional<Double> pause = Optional.empty();

  /**
   * @param watch is told of each change
   * @param log remembers them
   */
  ExecutorChanges(RunListener watch, MetricsLog log) {
    this.watch = watch;
    this.log = log;
  }

  /** The run waits for executors: those that it has had have changed. */
  synchronized void because(ExecutorChange.Kind kind, String words) {
    causes.add(new ExecutorChange.Cause(kind, words));
    if (kind == ExecutorChange.Kind.STARTED) {
      lastStep = System.nanoTime();
    }
  }

  @Override
  public synchronized void onAttempt(int attempt, int executors, long step) {
    isWaiting = true;
    isLater = attempt > 1;
  }

  @Override
  public void onStep(StepMetrics step) {
    onStep(System.nanoTime());
  }

  private synchronized void onStep(long now) {
    if (isWaiting) {
      pause = Optional.of((now - lastStep) * 1e-9);
    }
    isWaiting = false;
    lastStep = now;
  }

  @Override
  public void onSegmentDone(List<StepMetrics> steps, List<RankMetrics> ranks) {
    if (!steps.isEmpty()) {
      onStep(System.nanoTime());
    }
  }

  /**
   * After the first segment of an attempt.
   *
   * @param outcomes of its ranks
   * @return a note on who was there, and how long no step was taken before
   */
  Optional<String> takeNote(long from, List<SegmentOutcome> outcomes) {
    Optional<Double> seconds;
    synchronized (this) {
      seconds = pause;
      pause = Optional.empty();
    }
    seconds.ifPresent(known -> remember(from, outcomes.size(), places(outcomes), known));
    if (!isLater) {
      return Optional.empty();
    }
    seconds.ifPresent(watch::onPause);
    return seconds.map(
        known ->
            "steps from %d on: %s; the change took %.1f s, from one step to the next"
                .formatted(from, places(outcomes), known));
  }

  /**
   * The run is over: a change after which no step was taken is remembered, too, unless it is only
   * that of a start which found nothing left to train.
   *
   * @param step that the run has reached
   * @param executors that are still there
   */
  void end(long step, int executors) {
    synchronized (this) {
      if (causes.stream().allMatch(cause -> cause.kind() == ExecutorChange.Kind.STARTED)) {
        return;
      }
    }
    remember(step, executors, "", 0);
  }

  private void remember(long from, int executors, String places, double seconds) {
    ExecutorChange change;
    synchronized (this) {
      String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
      change = new ExecutorChange(now, from, executors, places, causes, seconds);
      causes.clear();
    }
    log.append(change);
    watch.onExecutors(change);
  }

  private static String places(List<SegmentOutcome> outcomes) {
    Map<String, List<Integer>> ranks = new TreeMap<>();
    for (SegmentOutcome outcome : outcomes) {
      String host = outcome.host().replaceFirst(":\\d+$", "");
      ranks.computeIfAbsent(host, key -> new ArrayList<>()).add(outcome.rank());
    }
    List<String> places = new ArrayList<>();
    ranks.forEach(
        (host, there) ->
            places.add(
                "%s %s on %s"
                    .formatted(there.size() == 1 ? "rank" : "ranks", Words.and(there), host)));
    return Words.and(places);
  }
}
