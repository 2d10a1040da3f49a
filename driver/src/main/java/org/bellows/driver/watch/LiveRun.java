// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.bellows.driver.progress.RunningAverages;
import org.bellows.driver.report.EpochEvaluation;
import org.bellows.driver.report.ExecutorChange;
import org.bellows.driver.run.MetricsLog;
import org.bellows.driver.watch.RunState.Phase;
import org.bellows.worker.metrics.RankMetrics;
import org.bellows.worker.metrics.StepMetrics;

/** The state of the current run. Thread-safe: it is read by other threads. */
public final class LiveRun implements RunListener {
  private static final int MOST_STEPS = 20_000;

  /** An executor that said nothing for so long is not shown. */
  private static final long READING_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final RunFacts facts;
  private final MetricsLog log;

  /** All that follows is guarded by this. */
  private final StepCurve curve = new StepCurve(MOST_STEPS);

  private final RunningAverages averages = new RunningAverages();
  private final List<String> notes = new ArrayList<>();
  private final Map<String, Heard> readings = new TreeMap<>();
  private List<EpochEvaluation> evaluations = new ArrayList<>();
  private final List<ExecutorChange> changes = new ArrayList<>();
  private int changesBefore;
  private List<RankMetrics> ranks = List.of();
  private Phase phase = Phase.WAITING;
  private int attempt;
  private int failures;
  private double pauseSeconds;
  private int executors;
  private long step;
  private long evaluatedAt;

  private record Heard(ExecutorMemoryUsage reading, long nanos) {}

  /**
   * @param log metrics of earlier starts of the run are shown, too
   */
  public LiveRun(RunFacts facts, MetricsLog log) {
    this.facts = facts;
    this.log = log;
  }

  public RunFacts facts() {
    return facts;
  }

  @Override
  public synchronized void onAttempt(int newAttempt, int newExecutors, long from) {
    attempt = newAttempt;
    executors = newExecutors;
    phase = Phase.STARTING;
    step = from;
    curve.rewindTo(from);
    ranks = List.of();
    readings.clear();
    if (newAttempt == 1) {
      changes.addAll(log.executors());
      changesBefore = changes.size();
    }
    if (newAttempt == 1 && from > 0) {
      curve.rewindTo(0);
      log.steps().forEach(curve::add);
    }
    evaluations = new ArrayList<>(log.evaluations());
  }

  @Override
  public synchronized void onSegment(long from, long to, boolean evaluates) {
    evaluatedAt = evaluates ? to : Long.MAX_VALUE;
    phase =
        from == to ? Phase.EVALUATING : averages.last() == null ? Phase.STARTING : Phase.TRAINING;
  }

  @Override
  public synchronized void onStep(StepMetrics told) {
    if (told.step() < step) {
      return;
    }
    averages.accept(told);
    curve.add(told);
    step = told.step() + 1;
    // The driver is not notified when an evaluation begins, but nothing else follows the last step.
    phase = step >= evaluatedAt ? Phase.EVALUATING : Phase.TRAINING;
  }

  /** The whole segment replaces the steps that were reported. */
  @Override
  public synchronized void onSegmentDone(List<StepMetrics> steps, List<RankMetrics> newRanks) {
    if (steps.isEmpty()) {
      return;
    }
    StepMetrics last = steps.get(steps.size() - 1);
    if (averages.last() == null || averages.last().step() < last.step()) {
      averages.accept(last);
    }
    curve.rewindTo(steps.get(0).step());
    steps.forEach(curve::add);
    step = last.step() + 1;
    ranks = List.copyOf(newRanks);
  }

  @Override
  public synchronized void onEvaluation(EpochEvaluation evaluation) {
    evaluations.add(evaluation);
  }

  @Override
  public synchronized void onFailure() {
    failures++;
    phase = Phase.WAITING;
  }

  @Override
  public synchronized void onPause(double seconds) {
    pauseSeconds += seconds;
  }

  @Override
  public synchronized void onExecutors(ExecutorChange change) {
    changes.add(change);
  }

  @Override
  public synchronized void onNote(String note) {
    notes.add(note);
  }

  @Override
  public synchronized void onMemory(ExecutorMemoryUsage reading) {
    readings.put(reading.executor(), new Heard(reading, System.nanoTime()));
  }

  /** One of {@link #stride}, in the order of time. */
  synchronized List<StepMetrics> steps() {
    return curve.steps();
  }

  synchronized long stride() {
    return curve.stride();
  }

  synchronized RunState state() {
    long now = System.nanoTime();
    return new RunState(
        phase,
        attempt,
        failures,
        executors,
        pauseSeconds,
        step,
        (int) Math.min(facts.epochs(), step / facts.stepsPerEpoch() + 1),
        figures(),
        List.copyOf(evaluations),
        ranks,
        readings.values().stream()
            .filter(heard -> now - heard.nanos() < READING_NANOS)
            .map(Heard::reading)
            .toList(),
        List.copyOf(changes),
        changesBefore,
        List.copyOf(notes));
  }

  private RunState.Figures figures() {
    StepMetrics last = averages.last();
    return new RunState.Figures(
        averages.loss(),
        last == null ? Double.NaN : last.learningRate(),
        averages.imagesPerSecond(),
        averages.dataWaitShare(),
        averages.collectiveShare(),
        averages.hiddenShare(),
        averages.secondsFor((facts.totalSteps() - step) * facts.lanes() * facts.laneBatch()));
  }
}
