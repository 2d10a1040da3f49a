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
import org.bellows.conf.ConfigurationException;
import org.bellows.conf.Settings;
import org.bellows.conf.Words;
import org.bellows.conf.identity.RunIdentity;
import org.bellows.driver.progress.EvaluationText;
import org.bellows.driver.report.EpochEvaluation;
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
import org.bellows.worker.evaluate.PartialEvaluation;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.metrics.RankMetrics;
import org.bellows.worker.metrics.StepMetrics;
import org.bellows.worker.train.TrainingPlan;

/**
 * Segment after segment to the end. After a failure of machines it waits for executors and resumes
 * from the newest checkpoint that verifies; the driver has to, as Spark does not retry a failed
 * barrier stage.
 */
public final class TrainingRun {
  private final JavaSparkContext spark;
  private final Settings settings;
  private final TrainingPlan plan;
  private final CheckpointStore store;
  private final MetricsLog metrics;
  private final RunListener watch;
  private final ExecutorChanges changes;
  private final ModelWriter models;
  private final SegmentPlanner planner;
  private final Stragglers stragglers;
  private final JobSecret secret = JobSecret.random();
  private final List<String> notes = new ArrayList<>();

  private long step;
  private int attempt;
  private int failures;
  private Session session;
  private int workers;
  private Evaluation modelEvaluation;

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
    this.models = models;
    this.changes = new ExecutorChanges(watch, metrics);
    this.watch = new RunListeners(List.of(watch, changes));
    this.store = new CheckpointStore(spark.hadoopConfiguration(), plan.outputPath());
    this.stragglers = new Stragglers(settings.metrics());
    this.planner = new SegmentPlanner(plan);
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
      begin(executors::awaitAll);
      runSegments(shutdownRequest, executors);
    } finally {
      BellowsPlugin.listenNoMore();
    }
    if (step < planner.totalSteps()) {
      noteEarlyStop();
    }
    noteNotFinite();
    return new RunOutcome(newest(this::note).orElseThrow(), modelEvaluation, notes, workers);
  }

  private void runSegments(ShutdownRequest shutdownRequest, RunExecutors executors) {
    try (SegmentRunner runner =
        new SegmentRunner(spark, settings.cluster(), plan, executors::active)) {
      while (isUnevaluated() || !isOver()) {
        shutdownRequest.stopIfRequested(step);
        try {
          boolean isChanged = adapt(executors);
          if (!isChanged && executors.areFewerThan(workers)) {
            throw runner.lostBetweenSegments();
          }
          if (runSegment(runner, isUnevaluated() ? planner.evaluation(step) : planner.next(step))) {
            continueWithoutThoseThatLeave(executors);
          }
        } catch (SegmentLostException lost) {
          shutdownRequest.stopIfRequested(step);
          // A segment that has not begun has lost nothing.
          if (lost.hasBegun() || !adapt(executors)) {
            recover(lost, executors);
          }
        }
      }
    }
  }

  /**
   * Between two segments: without those that leave, or with those that came. Spark gives tasks to
   * whoever is there, so that it must not be given a segment while others are there.
   *
   * @return whether a new attempt has begun
   */
  private boolean adapt(RunExecutors executors) {
    if (executors.areLeaving(workers)) {
      continueWithoutThoseThatLeft(executors);
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

  /** Whether the checkpoint of the last segment is there; waits while it is being written. */
  private boolean isWhole(RunExecutors executors) {
    return executors.await(() -> step == 0 || store.steps().contains(step));
  }

  /** The segment ended early, with a whole checkpoint. */
  private void continueWithoutThoseThatLeave(RunExecutors executors) {
    executors.awaitNotice();
    List<String> gone = executors.letLeave();
    note(
        "%s, told to end, left after step %d; nothing was lost"
            .formatted(gone.isEmpty() ? "an executor" : Words.and(gone), step));
    if (!isOver()) {
      changes.because(ExecutorChange.Kind.LEFT, Words.and(gone));
      begin(executors::awaitReplacements);
    }
  }

  /**
   * Between two segments: the checkpoint of the last may still be written, if need be by one that
   * leaves, which waits for that.
   */
  private void continueWithoutThoseThatLeft(RunExecutors executors) {
    boolean isWhole = isWhole(executors);
    List<String> gone = executors.letLeave();
    note(
        "%s, told to end, left after step %d; %s"
            .formatted(
                Words.and(gone),
                step,
                isWhole ? "nothing was lost" : "its checkpoint was not written any more"));
    changes.because(ExecutorChange.Kind.LEFT, Words.and(gone));
    begin(executors::awaitReplacements);
  }

  private void recover(SegmentLostException lost, RunExecutors executors) {
    Settings.Cluster cluster = settings.cluster();
    failures++;
    watch.onFailure();
    note("failure %d at or after step %d: %s".formatted(failures, step, lost.getMessage()));
    if (failures > cluster.maxFailures()) {
      throw new BellowsException(
          lost.category(),
          "gave up after %d failures (cluster.max-failures = %d); the last one: %s; a new start with the same output.path resumes from the newest checkpoint"
              .formatted(failures, cluster.maxFailures(), lost.getMessage()),
          lost);
    }
    requireTurn();
    changes.because(ExecutorChange.Kind.FAILED, lost.getMessage());
    begin(executors::awaitReplacements);
  }

  /** Of two starts with one folder the later continues, and the earlier must not take it back. */
  private void requireTurn() {
    store
        .turn()
        .filter(other -> !other.job().equals(secret.jobName()))
        .ifPresent(
            other -> {
              throw BellowsException.configuration(
                  "another start of this run (job %s) has taken over output.path %s; this one (job %s) ends and leaves it alone"
                      .formatted(other.job(), plan.outputPath(), secret.jobName()));
            });
  }

  /** A start that ended between a checkpoint and its evaluation leaves that to the next one. */
  private boolean isUnevaluated() {
    return planner.isEvaluatedAt(step)
        && metrics.evaluations().stream().noneMatch(evaluation -> evaluation.step() == step);
  }

  private boolean isOver() {
    return step >= planner.totalSteps() || history().isOver();
  }

  private EvaluationHistory history() {
    return new EvaluationHistory(settings.train(), metrics.evaluations());
  }

  private void noteEarlyStop() {
    Settings.Train train = settings.train();
    EpochEvaluation best = history().best().orElseThrow();
    String stopped =
        "stopped after epoch %d of %d: %d epochs without "
            .formatted(step / planner.stepsPerEpoch(), train.epochs(), train.earlyStoppingEpochs());
    note(
        best.allFinite()
            ? stopped
                + "a better %s than in epoch %d (%s)"
                    .formatted(
                        Metrics.of(train.bestMetric()).title(),
                        best.epoch(),
                        EvaluationText.text(
                            best.metrics(), List.of(best.metrics().headline(), Metrics.LOSS), ", "))
            : stopped + "an evaluation in which all answers are finite");
  }

  private void noteNotFinite() {
    history().notFiniteNote().ifPresent(this::note);
    if (settings.train().save() == Settings.ModelSelection.BEST) {
      history()
          .best()
          .filter(best -> !best.allFinite())
          .ifPresent(
              best ->
                  note(
                      "train.save = best found no evaluation in which all answers are finite; the model is that of epoch %d"
                          .formatted(best.epoch())));
    }
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
    repairMarks();
    watch.onAttempt(attempt, workers, step);
    if (step > 0) {
      note("resumed from the checkpoint of step %d on %d executors".formatted(step, workers));
    }
  }

  /**
   * An older Bellows marked as best what answered with numbers that are not finite. And a driver
   * that ended while it replaced the marks in an object store has left none.
   */
  private void repairMarks() {
    int keepBest = settings.checkpoint().keepBest();
    List<Long> marked = keepBest == 0 ? List.of() : store.bestSteps();
    if (keepBest > 0 && marked.isEmpty()) {
      List<Long> there = store.steps();
      metrics.evaluations().stream()
          .filter(evaluation -> evaluation.allFinite() && there.contains(evaluation.step()))
          .forEach(this::mark);
    }
    metrics.evaluations().stream()
        .filter(evaluation -> !evaluation.allFinite() && marked.contains(evaluation.step()))
        .forEach(evaluation -> store.markBest(evaluation.step(), Double.NaN, keepBest));
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
      evaluated(outcomes);
    }
    return outcomes.get(0).isLeft();
  }

  private void evaluated(List<SegmentOutcome> outcomes) {
    List<PartialEvaluation> parts = outcomes.stream().map(SegmentOutcome::evaluation).toList();
    Evaluation evaluation =
        PartialEvaluation.merge(
                plan.manifest().split(settings.train().validationSplit()),
                plan.classes(),
                parts,
                settings.evaluate().worstMistakes())
            .withClassesOf(plan.manifest());
    int epochsDone = (int) (step / planner.stepsPerEpoch());
    EpochEvaluation logged = EpochEvaluation.of(epochsDone, step, evaluation);
    if (settings.checkpoint().keepBest() > 0 && logged.allFinite()) {
      mark(logged);
    }
    keep(evaluation, logged);
    metrics.append(logged);
    watch.onEvaluation(logged);
  }

  private void mark(EpochEvaluation evaluation) {
    Metric headline = evaluation.metrics().headline();
    store.markBest(
        evaluation.step(),
        headline.merit(evaluation.value(headline)),
        settings.checkpoint().keepBest());
  }

  /** Before it is logged: a start that ends in between evaluates, and keeps, once more. */
  private void keep(Evaluation evaluation, EpochEvaluation logged) {
    if (settings.train().save() == Settings.ModelSelection.LAST) {
      modelEvaluation = evaluation;
    } else if (history().wouldBeBest(logged)) {
      models.write(store.read(step), List.of(logged));
      modelEvaluation = evaluation;
    }
  }

  private void note(String note) {
    notes.add(note);
    watch.onNote(note);
  }
}
