package org.bellows.driver.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.Settings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.DatasetVerifier;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.storage.Apart;
import org.bellows.driver.evaluate.AnswersFile;
import org.bellows.driver.evaluate.EvaluationJob;
import org.bellows.driver.progress.Figures;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.spark.SparkContexts;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.files.Json;
import org.bellows.worker.model.TrainedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code evaluate}: every sample of a split exactly once. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = {
      "Evaluates a trained model on one split (evaluate.split) of a prepared dataset: figures,",
      "a report (report.html) and the answer to each sample (answers.jsonl).",
      "Needs model.path (a training run or its model folder), data.path, output.path;",
      "with evaluate.ensemble the answers of several models are averaged."
    })
final class EvaluateCommand implements Callable<Integer> {
  @Mixin private ConfigurationOptions options;

  @Override
  public Integer call() {
    Settings settings = options.settings(List.of("model.path", "data.path", "output.path"));
    Apart apart = new Apart(new Configuration());
    for (String model : settings.modelPaths()) {
      // A training that goes on there replaces this folder as a whole.
      apart.notInside(
          "output.path", settings.output().path(), "a model", model + "/" + TrainedModel.FOLDER);
    }
    apart.require();
    try (JavaSparkContext spark =
        SparkContexts.open("bellows evaluate", settings, options.master())) {
      run(spark, settings);
    }
    return 0;
  }

  static Map<String, Object> run(JavaSparkContext spark, Settings settings) {
    Job job = new Job("evaluate");
    return job.run(
        spark.hadoopConfiguration(),
        settings.output().path(),
        folder -> {
          job.own(folder, Map.of());
          return evaluate(spark, settings, folder, job);
        });
  }

  private static Map<String, Object> evaluate(
      JavaSparkContext spark, Settings settings, RunFolder folder, Job job) {
    String split = settings.evaluate().split();
    DatasetManifest manifest =
        ManifestFile.read(spark.hadoopConfiguration(), settings.data().path());
    manifest.split(split);
    DatasetVerifier.verify(
        spark.hadoopConfiguration(),
        settings.data().path(),
        manifest,
        List.of(split),
        settings.data().verify());
    List<String> models = settings.modelPaths();
    EvaluationJob.Outcome outcome =
        EvaluationJob.runWithAnswers(spark, settings, manifest, models, split);
    Evaluation evaluation = outcome.evaluation();
    folder.write("evaluation.json", Json.pretty(evaluation));
    AnswersFile.write(
        spark.hadoopConfiguration(),
        folder,
        settings.data().path(),
        manifest,
        split,
        outcome.answers());
    EvaluationReport.write(folder, settings, outcome, job.stamp());
    System.out.printf(
        Locale.ROOT,
        "%s: %,d images  %s%s%n",
        split,
        evaluation.samples(),
        Figures.text(evaluation),
        models.size() == 1 ? "" : "  (%d models)".formatted(models.size()));
    System.out.printf(
        "each answer in %s, report in %s%n",
        folder.file(AnswersFile.NAME), folder.file(ReportWriter.NAME));
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("split", split);
    metrics.put("models", models.size());
    metrics.put("samples", evaluation.samples());
    metrics.put("top1", evaluation.top1());
    metrics.put("top5", evaluation.top5());
    metrics.put("loss", evaluation.loss());
    metrics.put("answers-not-finite", evaluation.notFinite());
    return metrics;
  }
}
