// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ClusterSettings;
import org.bellows.conf.ConfigurationException;
import org.bellows.conf.Settings;
import org.bellows.conf.identity.RunIdentity;
import org.bellows.conf.text.Words;
import org.bellows.driver.report.ExecutorChange;
import org.bellows.driver.run.MetricsLog;
import org.bellows.driver.spark.BellowsPlugin;
import org.bellows.driver.spark.NetworkEncryption;
import org.bellows.driver.watch.RunListener;
import org.bellows.driver.watch.RunListeners;
import org.bellows.worker.checkpoint.Checkpoint;
import org.bellows.worker.checkpoint.CheckpointStore;
import org.bellows.worker.checkpoint.WriteFence;
import org.bellows.worker.collective.transport.JobSecret;
import org.bellows.worker.collective.transport.Session;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.metrics.RankMetrics;
import org.bellows.worker.metrics.StepMetrics;
import org.bellows.worker.train.TrainingPlan;

/**
 * Segment after segment to the end. After a failure of machines it waits for executors and resumes
 * from the newest checkpoint that verifies; the driver has to, as Spark does not retry a failed
 * barrier stage.
 */
public final class TrainingRun {
  /** A look at storage may be a request to another machine. */
  private static final long STORAGE_PAUSE_MILLISECONDS = 250;

  private final JavaSparkContext spark;
  private final Settings settings;
  private final TrainingPlan plan;
  private final CheckpointStore store;
  private final MetricsLog metrics;
  private final RunListener watch;
  private final ExecutorChanges changes;
  private final RunEvaluations evaluations;
  private final SegmentPlanner planner;
  private final Stragglers stragglers;
  private final JobSecret secret = JobSecret.random();
  private final List<String> notes = new ArrayList<>();

  private long step;
  private int attempt;
  private int failures;
  private Session session;
  private int workers;

  /**
   * @param models keeps the model of the best evaluation, where that is asked for
   * @param watch is called at each event of the run
   */
  public TrainingRun(
      JavaSparkContext spark,
      Settings settings,
      TrainingPlan plan,
      MetricsLog metrics,
      ModelWriter models,
      RunListener watch) {
    this.spark = spark;
    this.settings = settings;
    this.plan = plan;
    this.metrics = metrics;
    this.changes = new ExecutorChanges(watch, metrics);
    this.watch = new RunListeners(List.of(watch, changes));
    this.store = new CheckpointStore(spark.hadoopConfiguration(), plan.outputPath());
    this.stragglers = new Stragglers(settings.metrics());
    this.planner = new SegmentPlanner(plan);
    this.evaluations =
        new RunEvaluations(settings, plan, metrics, models, store, planner, this.watch);
  }

  /**
   * @param checkpoint of the last step
   * @param evaluation of what becomes the model, or null if there was nothing to evaluate on or an
   *     earlier start has done it
   * @param notes resumes and failures, for the report
   * @param workers that finished the run
   */
  public record RunOutcome(
      Checkpoint checkpoint, Evaluation evaluation, List<String> notes, int workers) {}

  /**
   * @param shutdownRequest asked for: the run ends after the segment that is running
   * @throws BellowsException (infrastructure) when machines failed too often, or the run was asked
   *     to end; a new start resumes
   */
  public RunOutcome run(ShutdownRequest shutdownRequest) {
    store.removeLeftovers();
    BellowsPlugin.listen(watch);
    try (RunExecutors executors = new RunExecutors(spark, settings.cluster())) {
      changes.because(ExecutorChange.Kind.STARTED, "");
      runToEnd(shutdownRequest, executors);
      changes.end(step, Math.min(workers, executors.active()));
    } finally {
      BellowsPlugin.listenNoMore();
    }
    evaluations.endNotes(step).forEach(this::note);
    return new RunOutcome(newest(this::note).orElseThrow(), evaluations.ofModel(), notes, workers);
  }

  /**
   * However the run ends, why its executors changed is remembered: this start's folder tells it.
   */
  private void runToEnd(ShutdownRequest shutdownRequest, RunExecutors executors) {
    try {
      begin(executors::awaitAll);
      runSegments(shutdownRequest, executors);
    } catch (RuntimeException e) {
      try {
        if (otherTurn().isEmpty()) {
          changes.end(step, Math.min(workers, executors.active()));
        }
      } catch (RuntimeException unwritten) {
        e.addSuppressed(unwritten);
      }
      throw e;
    }
  }

  private void runSegments(ShutdownRequest shutdownRequest, RunExecutors executors) {
    try (SegmentRunner runner =
        new SegmentRunner(spark, settings.cluster(), plan, executors::active)) {
      while (hasMore()) {
        shutdownRequest.stopIfRequested(step);
        try {
          boolean isChanged = adapt(runner, executors);
          if (!isChanged && (isOneLost(runner, executors) || executors.areFewerThan(workers))) {
            throw runner.lostBetweenSegments();
          }
          if (runSegment(
              runner,
              evaluations.isMissing(step) ? planner.evaluation(step) : planner.next(step))) {
            executors.awaitNotice(runner::executors);
            continueWithoutThoseThatLeft(executors, true);
          }
        } catch (SegmentLostException lost) {
          shutdownRequest.stopIfRequested(step);
          // A segment that has not begun has lost nothing.
          if (lost.hasBegun() || !adapt(runner, executors)) {
            recover(lost, executors);
          }
        }
      }
    }
  }

  /**
   * Between two segments: without those that leave, or with those that came. Spark gives tasks to
   * whoever is there, so that it must not be given a segment while others are there. A rank that
   * was lost is a failure, whoever came or left besides.
   *
   * @return whether a new attempt has begun
   */
  private boolean adapt(SegmentRunner runner, RunExecutors executors) {
    if (isOneLost(runner, executors)) {
      return false;
    }
    if (executors.areLeaving(workers) || !runner.goneRanks(session).isEmpty()) {
      // It may still be written, if need be by one that leaves, which waits for that.
      continueWithoutThoseThatLeft(executors, isWhole(executors));
      return true;
    }
    if (executors.couldGrow(workers) && isWhole(executors)) {
      note("more executors are ready after step %d".formatted(step));
      changes.because(ExecutorChange.Kind.JOINED, "");
      begin(executors::present);
      return true;
    }
    return false;
  }

  /** Whether the executor of a rank has gone without having been told to. */
  private boolean isOneLost(SegmentRunner runner, RunExecutors executors) {
    return executors.isOneLost(runner.goneRanks(session));
  }

  /** Whether the checkpoint of the last segment is there; waits while it is being written. */
  private boolean isWhole(RunExecutors executors) {
    return executors.await(
        () -> step == 0 || store.steps().contains(step), STORAGE_PAUSE_MILLISECONDS);
  }

  /**
   * Without a failure.
   *
   * @param isWhole whether the checkpoint of the last segment is there
   */
  private void continueWithoutThoseThatLeft(RunExecutors executors, boolean isWhole) {
    List<String> gone = executors.letLeave();
    note(
        "%s, told to end, left after step %d; %s"
            .formatted(
                named(gone),
                step,
                isWhole ? "nothing was lost" : "its checkpoint was not written any more"));
    changes.because(ExecutorChange.Kind.LEFT, Words.and(gone));
    if (hasMore()) {
      begin(executors::awaitReplacements);
    }
  }

  private static String named(List<String> gone) {
    return gone.isEmpty() ? "an executor" : Words.and(gone);
  }

  private void recover(SegmentLostException lost, RunExecutors executors) {
    ClusterSettings cluster = settings.cluster();
    failures++;
    watch.onFailure();
    note("failure %d at or after step %d: %s".formatted(failures, step, lost.getMessage()));
    changes.because(ExecutorChange.Kind.FAILED, lost.getMessage());
    if (failures > cluster.maxFailures()) {
      throw new BellowsException(
          lost.category(),
          "gave up after %d failures (cluster.max-failures = %d); the last one: %s; a new start with the same output.path resumes from the newest checkpoint"
              .formatted(failures, cluster.maxFailures(), lost.getMessage()),
          lost);
    }
    requireTurn();
    begin(executors::awaitReplacements);
  }

  /** Of two starts with one folder the later continues, and the earlier must not take it back. */
  private void requireTurn() {
    otherTurn()
        .ifPresent(
            other -> {
              throw BellowsException.configuration(
                  "another start of this run (job %s) has taken over output.path %s; this one (job %s) ends and leaves it alone"
                      .formatted(other.job(), plan.outputPath(), secret.jobName()));
            });
  }

  /** The start that has taken over the run's folder, if one has. */
  private Optional<WriteFence.Attempt> otherTurn() {
    return store.turn().filter(other -> !other.job().equals(secret.jobName()));
  }

  /** Whether the run is not over, or not evaluated yet. */
  private boolean hasMore() {
    boolean isOver = step >= planner.totalSteps() || evaluations.isEnough();
    return !isOver || evaluations.isMissing(step);
  }

  /** A new attempt: a rank that is left of an old one is not of its session. */
  private void begin(IntSupplier awaitExecutors) {
    attempt++;
    boolean encrypted = NetworkEncryption.isOn(spark.getConf(), settings.sync().encryption());
    session = new Session(secret, attempt, encrypted);
    store.begin(new WriteFence.Attempt(secret.jobName(), attempt));
    stragglers.beginAttempt();
    workers = awaitExecutors.getAsInt();
    Optional<Checkpoint> newest = newest(this::note);
    step = newest.map(checkpoint -> checkpoint.state().step()).orElse(0L);
    metrics.rewindTo(step);
    evaluations.repairMarks();
    watch.onAttempt(attempt, workers, step);
    if (step > 0) {
      note("resumed from the checkpoint of step %d on %d executors".formatted(step, workers));
    }
  }

  private Optional<Checkpoint> newest(Consumer<String> passedOver) {
    Optional<Checkpoint> newest = store.newest(passedOver);
    newest.ifPresent(
        checkpoint -> {
          var differences =
              RunIdentity.differences(
                  settings.output().path(), checkpoint.state().identity(), plan.identity());
          if (!differences.isEmpty()) {
            throw new ConfigurationException(differences);
          }
        });
    return newest;
  }

  /**
   * @return whether executors leave
   */
  private boolean runSegment(SegmentRunner runner, SegmentPlanner.Span span) {
    Segment segment = new Segment(session, span.from(), span.to(), span.evaluate());
    watch.onSegment(span.from(), span.to(), span.evaluate());
    List<SegmentOutcome> outcomes = runner.run(segment, workers);
    List<StepMetrics> steps = new ArrayList<>();
    for (SegmentOutcome outcome : outcomes) {
      steps.addAll(outcome.steps());
      outcome.notes().forEach(this::note);
    }
    List<RankMetrics> times =
        outcomes.stream().map(SegmentOutcome::times).filter(Objects::nonNull).toList();
    metrics.append(steps);
    metrics.appendRanks(times);
    watch.onSegmentDone(steps, times);
    changes.takeNote(span.from(), outcomes).ifPresent(this::note);
    stragglers.judge(times).forEach(this::note);
    step = outcomes.get(0).reached();
    if (span.evaluate() && step == span.to()) {
      evaluations.add(step, outcomes);
    }
    return outcomes.get(0).isLeft();
  }

  private void note(String note) {
    notes.add(note);
    watch.onNote(note);
  }
}
