// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.head;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.sql.SparkSession;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ProblemCollector;
import org.bellows.conf.Settings;
import org.bellows.conf.text.Words;
import org.bellows.data.storage.Storage;
import org.bellows.driver.chart.NumberText;
import org.bellows.driver.features.ImageFeatures;
import org.bellows.driver.progress.ProgressLine;
import org.bellows.driver.spark.BellowsFailures;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.evaluate.metric.MetricValues;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.files.Unwrapped;

/** The command {@code train-head}: features in, a classifier on them out. */
public final class HeadTraining {
  /** Folder of the pipeline that takes features. */
  public static final String HEAD = "head";

  /** Folder of the pipeline that takes images. */
  public static final String PIPELINE = "pipeline";

  /** Column with the name of the predicted class. */
  static final String PREDICTED = "predicted";

  private final SparkSession spark;
  private final Settings settings;
  private final ProgressLine progress;

  /** One strength that was tried. */
  public record Trial(double regularisation, @Unwrapped MetricValues metrics) {}

  /**
   * @param trials in the order of the grid
   * @param chosen of them
   * @param validation of the chosen one
   * @param test of the chosen one, or null
   * @param network whose features they are: SHA-256 of its parameters
   * @param layer of the network
   */
  public record HeadOutcome(
      List<Trial> trials,
      Trial chosen,
      long trainSamples,
      Evaluation validation,
      Evaluation test,
      String network,
      String layer) {}

  private record Fitted(Trial trial, PipelineModel head, Evaluation validation) {
    /** A head that gives finite scores for all samples is better than any that does not. */
    boolean isBetterThan(Fitted other) {
      boolean allFinite = validation.notFinite() == 0;
      boolean othersAre = other.validation.notFinite() == 0;
      Metric metric = validation.metrics().headline();
      return allFinite == othersAre
          ? metric.isBetter(validation.value(metric), other.validation.value(metric))
          : allFinite;
    }
  }

  /** The metrics without the loss: scores that are no probabilities have none. */
  public static MetricValues comparable(Evaluation evaluation) {
    return evaluation.metrics().only(metric -> metric != Metrics.LOSS);
  }

  public HeadTraining(SparkSession spark, Settings settings, ProgressLine progress) {
    this.spark = spark;
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Checks before Spark starts: whether there are features with the splits that are asked for, and
   * the model that they come from.
   *
   * @throws BellowsException (data) with all that is wrong
   */
  public static void check(Configuration hadoop, Settings settings) {
    FeatureTable table = FeatureTable.open(hadoop, settings.features().path());
    if (table.classes().isEmpty()) {
      throw BellowsException.data(
          "the features at %s are of images without a label or with any number of labels, and a head learns one class of each image; a dataset may have labels beside its masks"
              .formatted(table.folder()));
    }
    ProblemCollector problems = new ProblemCollector();
    problems.check(() -> requireClasses(table));
    problems.check(() -> FeatureSplits.of(hadoop, table).require(settings));
    problems.check(
        () -> features(table).requireParameters(hadoop, table.footer().get("model-sha256")));
    problems.requireNone();
  }

  private static void requireClasses(FeatureTable table) {
    if (table.classes().size() < 2) {
      throw BellowsException.data(
          "the classes of the features at %s are only %s, which leaves nothing to tell apart; a head needs at least 2"
              .formatted(table.folder(), Words.and(table.classes())));
    }
  }

  /**
   * Reads {@code features.path}, writes {@link #HEAD} and {@link #PIPELINE} of {@code output.path}.
   *
   * @throws BellowsException (data) when there are no features, the splits that are asked for are
   *     not among them, or the network that they come from cannot be read
   */
  public HeadOutcome run() {
    return BellowsFailures.run(this::train);
  }

  private HeadOutcome train() throws IOException {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    FeatureTable table = FeatureTable.open(hadoop, settings.features().path());
    try (HeadSamples samples = HeadSamples.of(spark, table, settings)) {
      List<Trial> trials = new ArrayList<>();
      Fitted best = null;
      for (double regularisation : HeadKinds.grid(settings.head())) {
        Fitted fitted = fit(table, samples, regularisation);
        trials.add(fitted.trial());
        if (best == null || fitted.isBetterThan(best)) {
          best = fitted;
        }
      }
      Evaluation test =
          samples.test() == null
              ? null
              : HeadScores.evaluate(
                  best.head(),
                  samples.test(),
                  HeadKinds.scores(settings.head().kind()),
                  settings.evaluate().split(),
                  table.classes());
      save(best.head(), table);
      return new HeadOutcome(
          trials,
          best.trial(),
          samples.train().count(),
          best.validation(),
          test,
          table.footer().get("model-sha256"),
          table.footer().get("layer"));
    }
  }

  private Fitted fit(FeatureTable table, HeadSamples samples, double regularisation) {
    Transformer classifier = HeadKinds.fit(settings, regularisation, samples.train());
    IndexToString names =
        new IndexToString()
            .setInputCol("prediction")
            .setOutputCol(PREDICTED)
            .setLabels(table.classes().toArray(String[]::new));
    PipelineModel head = new PipelineModel(HEAD, new Transformer[] {classifier, names});
    String split =
        settings.head().validationFraction() > 0
            ? "a share of " + settings.train().split()
            : settings.train().validationSplit();
    Evaluation validation =
        HeadScores.evaluate(
            head,
            samples.validation(),
            HeadKinds.scores(settings.head().kind()),
            split,
            table.classes());
    Metric metric = validation.metrics().headline();
    progress.say(
        "regularisation %s: %s %s on %,d validation samples%s"
            .formatted(
                NumberText.plain(regularisation),
                metric.title(),
                metric.unit().text(validation.value(metric)),
                validation.samples(),
                validation.notFinite() == 0
                    ? ""
                    : ", %,d of them with scores that are not finite"
                        .formatted(validation.notFinite())));
    Trial trial = new Trial(regularisation, comparable(validation));
    return new Fitted(trial, head, validation);
  }

  private void save(PipelineModel head, FeatureTable table) throws IOException {
    Path output = Storage.qualify(settings.output().path());
    ImageFeatures features = features(table);
    features.requireParameters(
        spark.sparkContext().hadoopConfiguration(), table.footer().get("model-sha256"));
    head.write().overwrite().save(new Path(output, HEAD).toString());
    List<Transformer> stages = new ArrayList<>(List.of(features));
    stages.addAll(List.of(head.stages()));
    new PipelineModel(PIPELINE, stages)
        .write()
        .overwrite()
        .save(new Path(output, PIPELINE).toString());
  }

  /** The origin of the features. */
  private static ImageFeatures features(FeatureTable table) {
    return new ImageFeatures()
        .setModelPath(table.footer().get("model"))
        .setLayer(table.footer().get("layer"))
        .setPooling(table.footer().get("pooling"));
  }
}
