// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.job;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.conf.ClusterSettings;
import org.bellows.conf.identity.EarlierConfiguration;
import org.bellows.conf.study.Study;
import org.bellows.conf.study.Study.Arm;
import org.bellows.driver.progress.ProgressLine;
import org.bellows.driver.run.MetricsLog;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.spark.LazySpark;
import org.bellows.driver.study.ArmResult;
import org.bellows.driver.study.SeedResult;
import org.bellows.driver.study.StudyPage;
import org.bellows.driver.study.StudyResult;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.evaluate.metric.MetricValues;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.metrics.StepMetrics;

/** Runs a study's trainings one after the other; those that an earlier start finished are kept. */
public final class StudyJob {
  private final LazySpark spark;
  private final Study study;
  private final StudyRuns runs;
  private final ProgressLine progress;

  public StudyJob(LazySpark spark, Study study, StudyRuns runs, ProgressLine progress) {
    this.spark = spark;
    this.study = study;
    this.runs = runs;
    this.progress = progress;
  }

  /** Writes study.html and study.md, and returns the metrics. */
  public Map<String, Object> run(RunFolder folder) {
    List<StudyRuns.StudyRun> all = runs.all();
    for (int i = 0; i < all.size(); i++) {
      StudyRuns.StudyRun run = all.get(i);
      progress.say("run %d of %d: %s".formatted(i + 1, all.size(), run.title()));
      trainUnlessDone(run);
    }
    StudyResult result = new StudyResult(study, runs.split(), machine(), arms());
    folder.write("study.html", StudyPage.render(result).getBytes(StandardCharsets.UTF_8));
    folder.write("study.md", result.markdown().getBytes(StandardCharsets.UTF_8));
    progress.say("\n" + result.text());
    progress.say("page in " + folder.file("study.html"));
    return result.metrics();
  }

  private void trainUnlessDone(StudyRuns.StudyRun run) {
    String path = run.settings().output().path();
    RunFolder folder = RunFolder.of(spark.hadoop(), path);
    boolean done =
        folder.metricsOfSuccess().isPresent()
            && folder
                .readIfThere("configuration.json")
                .map(content -> new String(content, StandardCharsets.UTF_8))
                .filter(earlier -> EarlierConfiguration.isSame(earlier, run.settings()))
                .isPresent();
    if (!done) {
      new TrainJob(spark, run.settings(), progress).run();
    }
  }

  private List<ArmResult> arms() {
    List<ArmResult> arms = new ArrayList<>();
    for (Arm arm : study.arms()) {
      arms.add(new ArmResult(arm, runs.of(arm).stream().map(this::result).toList()));
    }
    return arms;
  }

  private SeedResult result(StudyRuns.StudyRun run) {
    RunFolder folder = RunFolder.of(spark.hadoop(), run.settings().output().path());
    Map<?, ?> metrics = folder.metricsOfSuccess().orElseThrow();
    MetricsLog log = new MetricsLog(folder);
    List<StepMetrics> steps = log.steps();
    int lastEpoch = (int) (number(metrics, "steps") / number(metrics, "epochs"));
    return new SeedResult(
        run.settings().train().seed(),
        compared(metrics),
        steps.stream().skip(steps.size() - lastEpoch).mapToDouble(StepMetrics::loss).sum()
            / lastEpoch,
        steps.stream().mapToDouble(StepMetrics::seconds).sum(),
        String.valueOf(metrics.get("parameters-sha256")),
        log.evaluations());
  }

  /** The metrics that a study shows: the first of the run's, and the loss. */
  private static MetricValues compared(Map<?, ?> metrics) {
    Metric headline =
        Metrics.all().stream()
            .filter(metric -> metrics.containsKey(metric.name()))
            .findFirst()
            .orElseGet(Metrics::headline);
    Map<Metric, Double> values = new LinkedHashMap<>();
    List.of(headline, Metrics.LOSS).forEach(m -> values.put(m, number(metrics, m.name())));
    return MetricValues.of(values);
  }

  /** Null stands for a loss that is not finite, in older files the words "NaN" and "Infinity". */
  private static double number(Map<?, ?> metrics, String key) {
    Object value = metrics.get(key);
    return value == null ? Double.NaN : Double.parseDouble(value.toString());
  }

  private String machine() {
    ClusterSettings cluster = runs.all().get(0).settings().cluster();
    return "%d executors of %d cores, %d processors here"
        .formatted(
            cluster.executors(),
            cluster.coresPerExecutor(),
            Runtime.getRuntime().availableProcessors());
  }
}
