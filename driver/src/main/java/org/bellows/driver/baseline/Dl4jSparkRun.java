// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.baseline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.Settings;
import org.bellows.driver.evaluate.EvaluationJob;
import org.bellows.driver.report.EpochEvaluation;
import org.bellows.driver.run.MetricsLog;
import org.bellows.driver.spark.MonitoredJob;
import org.bellows.driver.train.ClusterReadiness;
import org.bellows.driver.train.ModelWriter;
import org.bellows.driver.train.SegmentPlanner;
import org.bellows.driver.train.ShutdownRequest;
import org.bellows.driver.train.TrainingRun;
import org.bellows.driver.watch.RunListener;
import org.bellows.worker.checkpoint.Checkpoint;
import org.bellows.worker.checkpoint.TrainingState;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.files.FloatArrays;
import org.bellows.worker.metrics.StepMetrics;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.train.TrainingPlan;

/**
 * Epoch after epoch of {@link Dl4jSparkTrainer}. Upstream has no checkpoints: an interrupted run
 * starts again.
 */
public final class Dl4jSparkRun {
  private final JavaSparkContext spark;
  private final Settings settings;
  private final TrainingPlan plan;
  private final MetricsLog metrics;
  private final ModelWriter models;
  private final RunListener watch;
  private final Dl4jSparkTrainer baseline;
  private final SegmentPlanner planner;

  /**
   * @param watch is called at epochs as at segments of one step
   */
  public Dl4jSparkRun(
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
    this.watch = watch;
    this.baseline = Dl4jSparkTrainers.find().orElseThrow();
    this.planner = new SegmentPlanner(plan);
  }

  /**
   * @param shutdownRequest asked for: the run ends after the epoch that is running
   * @throws BellowsException (infrastructure) when the run was asked to end; (internal) when an
   *     epoch ends with parameters that are not finite
   */
  public TrainingRun.RunOutcome run(ShutdownRequest shutdownRequest) {
    int workers = ClusterReadiness.await(spark, settings.cluster(), settings.cluster().executors());
    NativeLibraries.load();
    metrics.rewindTo(0);
    watch.onAttempt(1, workers, 0);
    String note =
        "trained by %s on %d executors: no checkpoints, a line of metrics an epoch"
            .formatted(baseline.name(), workers);
    watch.onNote(note);
    List<String> notes = new ArrayList<>(List.of(note));
    Dl4jSparkTrainer.EpochTrainer trainer = baseline.begin(spark, plan, workers);
    Checkpoint checkpoint = null;
    Evaluation evaluation = null;
    for (int epoch = 0; epoch < settings.train().epochs(); epoch++) {
      if (shutdownRequest.isAsked()) {
        throw BellowsException.infrastructure(
            "the driver was told to end (SIGTERM or SIGINT) and stopped after epoch %d; dl4j-spark has no checkpoints, so a new start begins from the seed"
                .formatted(epoch));
      }
      train(trainer, epoch);
      checkpoint = checkpoint(trainer.parameters(), epoch + 1);
      if (planner.isEvaluatedAt(checkpoint.state().step())) {
        evaluation = evaluate(checkpoint, epoch + 1);
      }
    }
    return new TrainingRun.RunOutcome(checkpoint, evaluation, notes, workers);
  }

  private void train(Dl4jSparkTrainer.EpochTrainer trainer, int epoch) {
    long first = epoch * plan.stepsPerEpoch();
    long end = first + plan.stepsPerEpoch();
    watch.onSegment(first, end, planner.isEvaluatedAt(end));
    long begin = System.nanoTime();
    double score = MonitoredJob.run(spark, settings.cluster(), () -> trainer.epoch(epoch));
    double seconds = (System.nanoTime() - begin) * 1e-9;
    long images = plan.stepsPerEpoch() * settings.train().globalBatch();
    StepMetrics line =
        new StepMetrics(
            end - 1,
            epoch,
            score,
            plan.schedule().at(0),
            seconds,
            Math.toIntExact(images),
            0,
            seconds,
            0);
    metrics.append(List.of(line));
    watch.onStep(line);
    watch.onSegmentDone(List.of(line), List.of());
  }

  private Checkpoint checkpoint(float[] parameters, int epochs) {
    for (float parameter : parameters) {
      if (!Float.isFinite(parameter)) {
        throw new BellowsException(
            ErrorCategory.INTERNAL,
            "after epoch %d parameters are not finite; lower schedule.base-lr".formatted(epochs),
            null);
      }
    }
    long steps = epochs * plan.stepsPerEpoch();
    TrainingState state =
        new TrainingState(
            TrainingState.FORMAT_VERSION,
            steps,
            steps * settings.train().globalBatch(),
            FloatArrays.sha256(parameters, parameters.length),
            plan.identity(),
            Map.of("trainer", baseline.name()));
    return new Checkpoint(state, parameters, List.of());
  }

  private Evaluation evaluate(Checkpoint checkpoint, int epochs) {
    models.write(checkpoint, List.of());
    Evaluation evaluation =
        EvaluationJob.run(
            spark,
            settings,
            plan.manifest(),
            List.of(plan.outputPath()),
            settings.train().validationSplit());
    EpochEvaluation logged = EpochEvaluation.of(epochs, checkpoint.state().step(), evaluation);
    metrics.append(logged);
    watch.onEvaluation(logged);
    return evaluation;
  }
}
