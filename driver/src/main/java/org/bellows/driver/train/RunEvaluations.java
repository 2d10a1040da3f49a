// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import java.util.ArrayList;
import java.util.List;
import org.bellows.conf.Settings;
import org.bellows.conf.TrainSettings;
import org.bellows.driver.progress.EvaluationText;
import org.bellows.driver.report.EpochEvaluation;
import org.bellows.driver.run.MetricsLog;
import org.bellows.driver.watch.RunListener;
import org.bellows.worker.checkpoint.CheckpointStore;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.PartialEvaluation;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.train.TrainingPlan;

/** A run's evaluations: logs them, marks the best checkpoints, and keeps the best model. */
final class RunEvaluations {
  private final Settings settings;
  private final TrainingPlan plan;
  private final MetricsLog metrics;
  private final ModelWriter models;
  private final CheckpointStore store;
  private final SegmentPlanner planner;
  private final RunListener watch;
  private Evaluation ofModel;

  /**
   * @param models keeps the model of the best evaluation, where that is asked for
   * @param watch is told of each evaluation
   */
  RunEvaluations(
      Settings settings,
      TrainingPlan plan,
      MetricsLog metrics,
      ModelWriter models,
      CheckpointStore store,
      SegmentPlanner planner,
      RunListener watch) {
    this.settings = settings;
    this.plan = plan;
    this.metrics = metrics;
    this.models = models;
    this.store = store;
    this.planner = planner;
    this.watch = watch;
  }

  /** That of what becomes the model; null if this start has had none. */
  Evaluation ofModel() {
    return ofModel;
  }

  /** A start that ended between a checkpoint and its evaluation leaves that to the next one. */
  boolean isMissing(long step) {
    return planner.isEvaluatedAt(step)
        && metrics.evaluations().stream().noneMatch(evaluation -> evaluation.step() == step);
  }

  /** Whether the run stops early. */
  boolean isEnough() {
    return history().isOver();
  }

  private EvaluationHistory history() {
    return new EvaluationHistory(settings.train(), metrics.evaluations());
  }

  /**
   * What the report says of the evaluations of a run that has ended.
   *
   * @param step that it has reached
   */
  List<String> endNotes(long step) {
    List<String> notes = new ArrayList<>();
    if (step < planner.totalSteps()) {
      notes.add(earlyStop(step));
    }
    history().notFiniteNote().ifPresent(notes::add);
    if (settings.train().save() == TrainSettings.ModelSelection.BEST) {
      history()
          .best()
          .filter(best -> !best.allFinite())
          .ifPresent(
              best ->
                  notes.add(
                      "train.save = best found no evaluation in which all answers are finite; the model is that of epoch %d"
                          .formatted(best.epoch())));
    }
    return notes;
  }

  private String earlyStop(long step) {
    TrainSettings train = settings.train();
    EpochEvaluation best = history().best().orElseThrow();
    String stopped =
        "stopped after epoch %d of %d: %d epochs without "
            .formatted(step / planner.stepsPerEpoch(), train.epochs(), train.earlyStoppingEpochs());
    return best.allFinite()
        ? stopped
            + "a better %s than in epoch %d (%s)"
                .formatted(
                    Metrics.of(train.bestMetric()).title(),
                    best.epoch(),
                    EvaluationText.text(
                        best.metrics(), List.of(best.metrics().headline(), Metrics.LOSS), ", "))
        : stopped + "an evaluation in which all answers are finite";
  }

  /**
   * An older Bellows marked as best what answered with numbers that are not finite. And a driver
   * that ended while it replaced the marks in an object store has left none.
   */
  void repairMarks() {
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

  /**
   * The ranks have evaluated the parameters after a step, whose checkpoint is written.
   *
   * @param outcomes of all ranks
   */
  void add(long step, List<SegmentOutcome> outcomes) {
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
    if (settings.train().save() == TrainSettings.ModelSelection.LAST) {
      ofModel = evaluation;
    } else if (history().wouldBeBest(logged)) {
      models.write(store.read(logged.step()), List.of(logged));
      ofModel = evaluation;
    }
  }
}
