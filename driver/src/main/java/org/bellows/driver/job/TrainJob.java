// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.job;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.ProblemCollector;
import org.bellows.conf.Settings;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.DatasetVerifier;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.driver.baseline.Dl4jSparkRun;
import org.bellows.driver.evaluate.EvaluationJob;
import org.bellows.driver.evaluate.LabelResults;
import org.bellows.driver.evaluate.PixelResults;
import org.bellows.driver.evaluate.ResultLimit;
import org.bellows.driver.plan.MemoryPlan;
import org.bellows.driver.progress.ProgressLine;
import org.bellows.driver.run.MetricsLog;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.spark.DeviceUse;
import org.bellows.driver.spark.ExecutorLimits;
import org.bellows.driver.spark.LazySpark;
import org.bellows.driver.train.ModelWriter;
import org.bellows.driver.train.ShutdownRequest;
import org.bellows.driver.train.TrainingRun;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.files.Json;
import org.bellows.worker.metrics.StepMetrics;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.train.TrainingPlan;

/** The work of {@code train}, given Spark. */
public final class TrainJob {
  /** Without these keys there is nothing to train. */
  public static final List<String> REQUIRED = List.of("data.path", "output.path", "model.name");

  static final String COMMAND = "train";

  private final LazySpark spark;
  private final Settings settings;
  private final ProgressLine progress;
  private final CommandRun job = new CommandRun(COMMAND);

  /** The Spark of a training run; starts with the first job. */
  public static LazySpark spark(Settings settings, String master) {
    return LazySpark.of(
        "bellows train " + settings.model().name(), settings, master, DeviceUse.TRAINING);
  }

  public TrainJob(JavaSparkContext spark, Settings settings, ProgressLine progress) {
    this(LazySpark.started(spark, settings), settings, progress);
  }

  /**
   * @param spark is started when everything that can be known without it is known
   */
  public TrainJob(LazySpark spark, Settings settings, ProgressLine progress) {
    this.spark = spark;
    this.settings = settings;
    this.progress = progress;
  }

  /** Gives the metrics that result.json holds. */
  public Map<String, Object> run() {
    return run(plan -> {});
  }

  /**
   * @param begin is called when the folder is this run's, before training starts or resumes
   */
  Map<String, Object> run(Consumer<TrainingPlan> begin) {
    Duration grace = Duration.ofSeconds(settings.cluster().stopGraceSeconds());
    try (ShutdownRequest shutdownRequest = ShutdownRequest.watch(spark::cancelJobs, grace)) {
      return job.run(
          spark.hadoop(),
          settings.output().path(),
          () -> check(spark, settings),
          (folder, plan) -> {
            tell(plan);
            job.own(folder, plan.identity());
            begin.accept(plan);
            return train(plan, folder, shutdownRequest);
          });
    }
  }

  /**
   * Reads and checks everything that the run starts from: nothing is written before that.
   *
   * @throws org.bellows.conf.BellowsException with all that is wrong
   */
  static TrainingPlan plan(Configuration hadoop, Settings settings, ExecutorLimits limits) {
    DatasetManifest manifest = checkedDataset(hadoop, settings);
    TrainingPlan plan = TrainingPlan.of(hadoop, TrainingSettings.of(settings), manifest);
    ProblemCollector problems = new ProblemCollector();
    problems.of(plan::sampleOrder);
    problems.check(() -> MemoryPlan.of(hadoop, settings, Optional.of(plan), limits).requireFit());
    problems.requireNone();
    return plan;
  }

  /**
   * The initial model of a training with these settings, for commands that train several times.
   *
   * @throws org.bellows.conf.BellowsException with all that is wrong
   */
  public static TrainingPlan check(LazySpark spark, Settings settings) {
    TrainingPlan plan = plan(spark.hadoop(), settings, spark.limits());
    ResultLimit.require(spark.conf(), plan.manifest(), settings.train().validationSplit());
    return plan;
  }

  private void tell(TrainingPlan plan) {
    TrainSettings train = settings.train();
    progress.say(
        "training %s on %s: %,d images, %d classes; %d lanes x %d = global batch %d; %,d steps x %d epochs on %d executors"
            .formatted(
                settings.model().name(),
                settings.data().path(),
                plan.sampleOrder().samples(),
                plan.classes().size(),
                train.lanes(),
                train.laneBatch(),
                train.globalBatch(),
                plan.stepsPerEpoch(),
                train.epochs(),
                settings.cluster().executors()));
    startNotes(plan).forEach(progress::say);
  }

  /** Notes for the reader: on a run that does not start from its seed, and the plan's warnings. */
  private List<String> startNotes(TrainingPlan plan) {
    List<String> notes = new ArrayList<>();
    if (plan.start().isPresent()) {
      notes.add(plan.start().summary(settings.model().from()));
    }
    notes.addAll(plan.warnings());
    return notes;
  }

  /**
   * The manifest of {@code data.path}; it holds the splits that are asked for, and their files are
   * those that it lists. Without a dataset the models that are asked for are looked at all the
   * same.
   */
  static DatasetManifest checkedDataset(Configuration hadoop, Settings settings) {
    ProblemCollector problems = new ProblemCollector();
    Optional<DatasetManifest> manifest =
        problems.of(() -> ManifestFile.read(hadoop, settings.data().path()));
    manifest.ifPresent(known -> requireSplits(hadoop, settings, known, problems));
    if (!problems.areNone()) {
      Stream.of(settings.model().from(), settings.loss().teacher())
          .filter(model -> !model.isBlank())
          .forEach(model -> problems.of(() -> TrainedModel.read(hadoop, model)));
    }
    problems.requireNone();
    return manifest.orElseThrow();
  }

  private static void requireSplits(
      Configuration hadoop,
      Settings settings,
      DatasetManifest manifest,
      ProblemCollector problems) {
    TrainSettings train = settings.train();
    List<String> splits =
        Stream.of(train.split(), train.validationSplit())
            .filter(split -> !split.isBlank())
            .distinct()
            .toList();
    splits.forEach(split -> problems.of(() -> manifest.split(split)));
    if (problems.areNone()) {
      problems.check(
          () ->
              DatasetVerifier.verify(
                  hadoop, settings.data().path(), manifest, splits, settings.data().verify()));
    }
  }

  private Map<String, Object> train(
      TrainingPlan plan, RunFolder folder, ShutdownRequest shutdownRequest) {
    folder.write("configuration.json", settings.effectiveJson().getBytes(StandardCharsets.UTF_8));
    MetricsLog log = new MetricsLog(folder);
    ModelWriter models = new ModelWriter(spark.hadoop(), plan, BuildVersion.text());
    TrainingRun.RunOutcome outcome;
    List<String> watchNotes;
    JavaSparkContext context = spark.context();
    try (TrainingMonitor watch = TrainingMonitor.open(context, settings, plan, folder, progress)) {
      outcome =
          settings.sync().mode().runsOnRanks()
              ? new TrainingRun(context, settings, plan, log, models, watch.listener())
                  .run(shutdownRequest)
              : new Dl4jSparkRun(context, settings, plan, log, models, watch.listener())
                  .run(shutdownRequest);
      watchNotes = watch.end();
    }
    if (settings.train().save() == TrainSettings.ModelSelection.LAST) {
      models.write(outcome.checkpoint(), log.evaluations());
    }
    Evaluation evaluation = evaluation(plan, outcome);
    if (evaluation != null) {
      folder.write("evaluation.json", Json.pretty(evaluation));
      PixelResults.text(evaluation).ifPresent(progress::say);
      LabelResults.text(evaluation).ifPresent(progress::say);
    }
    Map<String, Object> metrics = metrics(plan, outcome, evaluation, log.steps());
    if (!watchNotes.isEmpty()) {
      metrics.put("watching", watchNotes);
    }
    List<String> notes = new ArrayList<>(startNotes(plan));
    notes.addAll(outcome.notes());
    notes.addAll(watchNotes);
    folder.write("notes.json", Json.pretty(notes));
    ReportWriter.write(folder, "succeeded", metrics, Optional.of(job.stamp()));
    progress.say(
        "done: model in %s, report in %s"
            .formatted(folder.file(TrainedModel.FOLDER), folder.file(ReportWriter.NAME)));
    return metrics;
  }

  /** A run that was complete already has no segment left to evaluate in. */
  private Evaluation evaluation(TrainingPlan plan, TrainingRun.RunOutcome outcome) {
    String split = settings.train().validationSplit();
    return outcome.evaluation() != null || split.isBlank()
        ? outcome.evaluation()
        : EvaluationJob.run(
            spark.context(), settings, plan.manifest(), List.of(settings.output().path()), split);
  }

  private Map<String, Object> metrics(
      TrainingPlan plan,
      TrainingRun.RunOutcome outcome,
      Evaluation evaluation,
      List<StepMetrics> steps) {
    TrainedModel trained = TrainedModel.read(spark.hadoop(), settings.output().path());
    ModelCard model = trained.card();
    long stepsDone = outcome.checkpoint().state().step();
    double seconds = steps.stream().mapToDouble(StepMetrics::seconds).sum();
    long images = steps.stream().mapToLong(StepMetrics::images).sum();
    Map<String, Object> metrics = new LinkedHashMap<>();
    for (Metric metric : plan.answers().metrics()) {
      metrics.put(metric.name(), evaluation == null ? null : evaluation.value(metric));
    }
    if (evaluation != null) {
      metrics.putAll(PixelResults.byKey(evaluation));
      metrics.putAll(LabelResults.byKey(evaluation));
    }
    metrics.put("answers-not-finite", evaluation == null ? null : evaluation.notFinite());
    metrics.put("training-loss", steps.isEmpty() ? null : steps.get(steps.size() - 1).loss());
    metrics.put("epochs", stepsDone / plan.stepsPerEpoch());
    metrics.put("steps", stepsDone);
    metrics.put(
        "model-epoch", Long.parseLong(model.provenance().get("step")) / plan.stepsPerEpoch());
    metrics.put("images-per-second", seconds == 0 ? null : images / seconds);
    metrics.put(
        "data-wait-share",
        seconds == 0
            ? null
            : steps.stream().mapToDouble(StepMetrics::dataWaitSeconds).sum() / seconds);
    metrics.put("skipped-steps", steps.stream().filter(StepMetrics::wasSkipped).count());
    metrics.put("parameters", trained.parameters().length);
    metrics.put("parameters-sha256", model.parametersSha256());
    return metrics;
  }
}
