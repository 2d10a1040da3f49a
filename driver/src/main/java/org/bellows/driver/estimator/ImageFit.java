// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.bellows.conf.ProblemCollector;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.conf.part.PrepareSettings;
import org.bellows.data.prepare.PrepareJob;
import org.bellows.data.prepare.listing.ItemRows;
import org.bellows.data.storage.AtomicFile;
import org.bellows.data.storage.Storage;
import org.bellows.driver.frame.FrameSource;
import org.bellows.driver.job.ReportWriter;
import org.bellows.driver.job.TrainJob;
import org.bellows.driver.progress.PrepareProgress;
import org.bellows.driver.progress.ProgressLine;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.spark.LazySpark;
import org.bellows.driver.spark.MonitoredJob;
import org.bellows.driver.spark.SessionRequirements;
import org.bellows.driver.train.ClusterReadiness;
import org.bellows.worker.train.TrainingPlan;

/**
 * A fit: rows are prepared, then the run of {@code train} trains on them.
 *
 * <pre>
 * workPath/
 *   datasets/FINGERPRINT/   a prepared dataset: the first 16 digits of its fingerprint
 *   runs/IDENTITY/          a run: its {@link RunName}
 * </pre>
 */
final class ImageFit {
  /** What messages call the rows. */
  static final String PLACE = "the DataFrame";

  /** A Spark context has room for one training. */
  static final Object ONE_AT_A_TIME = new Object();

  private final JavaSparkContext spark;
  private final FitSettings asked;
  private final ProgressLine progress;
  private final int executors;

  /**
   * What a fit leaves behind.
   *
   * @param runPath the run's folder
   * @param dataPath the dataset that it was trained on
   * @param metrics as result.json has them
   */
  record Fitted(String runPath, String dataPath, Map<String, Object> metrics) {}

  private ImageFit(JavaSparkContext spark, FitSettings asked, Settings settings, int executors) {
    this.spark = spark;
    this.asked = asked;
    this.progress = new ProgressLine(settings.metrics().progressSeconds());
    this.executors = executors;
  }

  /**
   * @param columns checks the columns
   * @return to be run
   * @throws org.bellows.conf.BellowsException (configuration) with all that is wrong with settings,
   *     session and columns
   */
  static ImageFit checked(Dataset<?> rows, FitSettings asked, Runnable columns) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(rows.sparkSession().sparkContext());
    int executors = SessionRequirements.executors(spark);
    ProblemCollector problems = new ProblemCollector();
    Optional<Settings> settings = problems.of(() -> asked.load(executors));
    Settings inForce = settings.orElseGet(() -> new SettingsLoader().load(List.of(), List.of()));
    problems.check(() -> SessionRequirements.require(spark.getConf(), inForce, System.getenv()));
    problems.check(columns);
    problems.requireNone();
    return new ImageFit(spark, asked, inForce, executors);
  }

  Fitted run(Dataset<Row> rows, Optional<String> reportPath) {
    synchronized (ONE_AT_A_TIME) {
      String dataPath = prepare(rows);
      WorkFolder.used(RunFolder.of(spark.hadoopConfiguration(), dataPath));
      Settings train = ofRun(dataPath);
      RunFolder folder = RunFolder.of(spark.hadoopConfiguration(), train.output().path());
      Map<String, Object> metrics =
          folder.metricsOfSuccess().map(ImageFit::ended).orElseGet(() -> train(train));
      WorkFolder.used(folder);
      reportPath.ifPresent(path -> report(folder, path));
      return new Fitted(train.output().path(), dataPath, metrics);
    }
  }

  /** Of a run that an earlier fit has brought to its end. */
  private static Map<String, Object> ended(Map<?, ?> read) {
    Map<String, Object> metrics = new TreeMap<>();
    read.forEach((key, value) -> metrics.put(String.valueOf(key), value));
    return metrics;
  }

  private String prepare(Dataset<Row> rows) {
    Settings prepare = asked.load(executors, below(WorkFolder.DATASETS), below(WorkFolder.RUNS));
    ItemRows items = FrameSource.items(rows, prepare.source(), prepare.prepare(), PLACE);
    ClusterReadiness.await(spark, prepare.cluster(), 1);
    progress.show("prepare  listing " + PLACE);
    PrepareJob.Kept kept =
        MonitoredJob.run(
            spark,
            prepare.cluster(),
            () ->
                PrepareJob.runBelow(
                    spark, PrepareSettings.of(prepare), items, new PrepareProgress(progress)));
    progress.say(
        "%s: %,d images%s"
            .formatted(
                kept.path(),
                kept.summary().images(),
                kept.summary().alreadyPrepared() ? ", prepared before" : ""));
    return kept.path();
  }

  private Settings ofRun(String dataPath) {
    Settings first = asked.load(executors, dataPath, below(WorkFolder.RUNS));
    TrainingPlan plan = TrainJob.check(LazySpark.ofSession(spark, first), first);
    return asked.load(executors, dataPath, below(WorkFolder.RUNS) + "/" + RunName.of(plan, first));
  }

  private Map<String, Object> train(Settings train) {
    return new TrainJob(LazySpark.ofSession(spark, train), train, progress).run();
  }

  private String below(String folder) {
    return new WorkFolder(spark.hadoopConfiguration(), asked.workPath()).below(folder).toString();
  }

  /** As Spark resolves a path: what has no scheme belongs to {@code fs.defaultFS}. */
  static Path qualified(Configuration hadoop, String path) {
    Path given = new Path(path);
    try {
      return given.getFileSystem(hadoop).makeQualified(given);
    } catch (IOException e) {
      throw Storage.failure("looking for the file system of " + path, e);
    }
  }

  private void report(RunFolder folder, String reportPath) {
    Configuration hadoop = spark.hadoopConfiguration();
    Path target = qualified(hadoop, reportPath);
    byte[] page = folder.readIfThere(ReportWriter.NAME).orElseThrow();
    AtomicFile.writeAlone(hadoop, target, page);
  }
}
