package org.bellows.driver.train;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ConfigurationException;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.RunIdentity;
import org.bellows.conf.Settings;
import org.bellows.driver.progress.Progress;
import org.bellows.driver.progress.TrainingProgress;
import org.bellows.driver.report.EpochEvaluation;
import org.bellows.driver.run.MetricsLog;
import org.bellows.driver.spark.BellowsPlugin;
import org.bellows.driver.spark.NetworkEncryption;
import org.bellows.worker.checkpoint.Checkpoint;
import org.bellows.worker.checkpoint.CheckpointStore;
import org.bellows.worker.collective.JobSecret;
import org.bellows.worker.collective.Session;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.PartialEvaluation;
import org.bellows.worker.train.TrainingPlan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Segment after segment to the end. After a failure that is the machines' it waits for executors
 * and goes on from the newest checkpoint that verifies; the driver has to, as Spark does not retry
 * a failed barrier stage.
 */
public final class TrainingRun {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);

  private final JavaSparkContext spark;
  private final TrainingPlan plan;
  private final CheckpointStore store;
  private final MetricsLog metrics;
  private final Progress progress;
  private final ModelWriter models;
  private final SegmentPlanner planner;
  private final JobSecret secret = JobSecret.random();
  private final List<String> notes = new ArrayList<>();

  private long step;
  private int attempt;
  private Session session;
  private int workers;
  private Evaluation modelEvaluation;

  /**
   * @param models keeps the model of the best evaluation, where that is asked for
   */
  public TrainingRun(
      JavaSparkContext spark,
      TrainingPlan plan,
      MetricsLog metrics,
      ModelWriter models,
      Progress progress) {
    this.spark = spark;
    this.plan = plan;
    this.metrics = metrics;
    this.models = models;
    this.progress = progress;
    this.store = new CheckpointStore(spark.hadoopConfiguration(), plan.settings().output().path());
    this.planner = new SegmentPlanner(plan);
  }

  /**
   * @param checkpoint of the last step
   * @param evaluation of what becomes the model, or null if there was nothing to evaluate on or an
   *     earlier start has done it
   * @param notes resumes and failures, for the report
   * @param workers that finished the run
   */
  public record Outcome(
      Checkpoint checkpoint, Evaluation evaluation, List<String> notes, int workers) {}

  public Outcome run() {
    Settings.Cluster cluster = plan.settings().cluster();
    store.removeLeftovers();
    begin(cluster.executors());
    BellowsPlugin.listen(
        new TrainingProgress(progress, plan.settings().train().epochs(), planner.totalSteps()));
    int failures = 0;
    while (isUnevaluated() || !isOver()) {
      try {
        runSegment(isUnevaluated() ? planner.evaluation(step) : planner.next(step));
      } catch (LostSegment lost) {
        failures++;
        note("failure %d at or after step %d: %s".formatted(failures, step, lost.getMessage()));
        if (failures > cluster.maxFailures()) {
          throw BellowsException.infrastructure(
              "gave up after %d failures (cluster.max-failures = %d); the last one: %s; a new start with the same output.path goes on from the newest checkpoint"
                  .formatted(failures, cluster.maxFailures(), lost.getMessage()),
              lost);
        }
        begin(cluster.minExecutors());
      }
    }
    BellowsPlugin.listen(ignored -> {});
    if (step < planner.totalSteps()) {
      noteEarlyStop();
    }
    return new Outcome(newest(this::note).orElseThrow(), modelEvaluation, notes, workers);
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
    return new EvaluationHistory(plan.settings().train(), metrics.evaluations());
  }

  private void noteEarlyStop() {
    Settings.Train train = plan.settings().train();
    EpochEvaluation best = history().best().orElseThrow();
    note(
        "stopped after epoch %d of %d: %d epochs without a better %s than in epoch %d (top-1 %.2f %%, loss %.4f)"
            .formatted(
                step / planner.stepsPerEpoch(),
                train.epochs(),
                train.earlyStoppingEpochs(),
                train.bestMetric() == Settings.BestMetric.TOP1 ? "top-1" : "loss",
                best.epoch(),
                100 * best.top1(),
                best.loss()));
  }

  /** A new attempt: whoever is left of an old one is not of its session. */
  private void begin(int atLeast) {
    attempt++;
    boolean encrypted =
        NetworkEncryption.isOn(spark.getConf(), plan.settings().sync().encryption());
    session = new Session(secret, attempt, encrypted);
    workers = Executors.await(spark, plan.settings().cluster(), atLeast);
    Optional<Checkpoint> newest = newest(this::note);
    step = newest.map(checkpoint -> checkpoint.state().step()).orElse(0L);
    metrics.rewindTo(step);
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
                  plan.settings().output().path(), checkpoint.state().identity(), plan.identity());
          if (!differences.isEmpty()) {
            throw new ConfigurationException(differences);
          }
        });
    return newest;
  }

  private void runSegment(SegmentPlanner.Span span) {
    Segment segment = new Segment(session, span.from(), span.to(), span.evaluate());
    SegmentTask task =
        new SegmentTask(plan, segment, new SerializableConfiguration(spark.hadoopConfiguration()));
    spark.setJobDescription(
        "train %s: steps %d to %d of %d"
            .formatted(
                plan.settings().model().name(), span.from(), span.to(), planner.totalSteps()));
    List<SegmentOutcome> outcomes;
    try {
      outcomes = BarrierJob.run(spark, workers, task);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      // Scala throws SparkException unchecked: a task, and with it its executor, was lost.
      throw new LostSegment(firstLine(e), e);
    }
    failIfFailed(outcomes);
    finish(span, outcomes);
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
  }

  /** Of several failures the one that is not about machines is the cause; others follow from it. */
  private void failIfFailed(List<SegmentOutcome> outcomes) {
    Optional<SegmentOutcome> worst =
        outcomes.stream()
            .filter(outcome -> outcome.failure() != null)
            .min(
                Comparator.comparing(
                    outcome -> outcome.failure().category() == ErrorCategory.INFRASTRUCTURE));
    if (worst.isEmpty()) {
      return;
    }
    SegmentOutcome outcome = worst.get();
    SegmentOutcome.Failure failure = outcome.failure();
    LOG.debug("rank {} on {}: {}", outcome.rank(), outcome.host(), failure.trace());
    String message =
        "rank %d on %s: %s".formatted(outcome.rank(), outcome.host(), failure.message());
    if (failure.category() == ErrorCategory.INFRASTRUCTURE) {
      throw new LostSegment(message, null);
    }
    throw new BellowsException(failure.category(), message, null);
  }

  private void finish(SegmentPlanner.Span span, List<SegmentOutcome> outcomes) {
    String sha256 = outcomes.get(0).parametersSha256();
    for (SegmentOutcome outcome : outcomes) {
      if (!outcome.parametersSha256().equals(sha256)) {
        throw new IllegalStateException(
            "after step %d rank %d has parameters %s, rank %d has %s"
                .formatted(
                    span.to(),
                    outcome.rank(),
                    outcome.parametersSha256(),
                    outcomes.get(0).rank(),
                    sha256));
      }
      metrics.append(outcome.steps());
      outcome.notes().forEach(this::note);
    }
    step = span.to();
    if (span.evaluate()) {
      evaluated(outcomes);
    }
  }

  private void evaluated(List<SegmentOutcome> outcomes) {
    Settings settings = plan.settings();
    List<PartialEvaluation> parts = outcomes.stream().map(SegmentOutcome::evaluation).toList();
    Evaluation evaluation =
        PartialEvaluation.merge(
            plan.manifest().split(settings.train().validationSplit()),
            plan.classes(),
            parts,
            settings.evaluate().worstMistakes());
    int keepBest = settings.checkpoint().keepBest();
    if (keepBest > 0) {
      store.markBest(step, evaluation.top1(), keepBest);
    }
    int epochsDone = (int) (step / planner.stepsPerEpoch());
    EpochEvaluation logged =
        new EpochEvaluation(
            epochsDone, step, evaluation.loss(), evaluation.top1(), evaluation.top5());
    keep(evaluation, logged);
    metrics.append(logged);
    progress.say(
        "epoch %d/%d  %s: top-1 %.2f %%  top-5 %.2f %%  loss %.4f"
            .formatted(
                epochsDone,
                settings.train().epochs(),
                evaluation.split(),
                100 * evaluation.top1(),
                100 * evaluation.top5(),
                evaluation.loss()));
  }

  /** Before it is logged: a start that ends in between evaluates, and keeps, once more. */
  private void keep(Evaluation evaluation, EpochEvaluation logged) {
    if (plan.settings().train().save() == Settings.Save.LAST) {
      modelEvaluation = evaluation;
    } else if (history().wouldBeBest(logged)) {
      models.write(store.read(step));
      modelEvaluation = evaluation;
    }
  }

  private void note(String note) {
    notes.add(note);
    progress.say(note);
  }

  /** A segment that machines lost; the run may go on. */
  private static final class LostSegment extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LostSegment(String message, Exception cause) {
      super(message, cause);
    }
  }
}
