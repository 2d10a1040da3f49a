// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.bellows.conf.BellowsException;
import org.bellows.conf.PublicApi;
import org.bellows.driver.features.ClassThresholds;
import org.bellows.driver.frame.FrameSource;
import org.bellows.worker.evaluate.label.LabelAnswers;
import org.bellows.worker.evaluate.label.LabelScores;
import org.bellows.worker.evaluate.metric.LabelMetric;
import org.bellows.worker.evaluate.metric.Metrics;

/**
 * Compares the probabilities of an {@link ImageClassifierModel} with any number of labels a row,
 * for {@code CrossValidator} and {@code TrainValidationSplit}. The metrics are those of {@code
 * evaluate}: mean average precision, and precision, recall and F1 at thresholds.
 *
 * <p>The driver gets 4 bytes for each class of each row.
 */
@PublicApi
public final class MultiLabelEvaluator extends Evaluator implements MLWritable {
  private static final long serialVersionUID = 1L;

  private static final List<LabelMetric> METRICS =
      Metrics.ofLabels().stream()
          .filter(LabelMetric.class::isInstance)
          .map(LabelMetric.class::cast)
          .toList();

  private final String uid;
  private final Param<String> labelCol;
  private final Param<String> probabilityCol;
  private final Param<String> metricName;
  private final DoubleParam threshold;
  private final DoubleArrayParam thresholds;

  public MultiLabelEvaluator() {
    this("multi-label-evaluator-" + UUID.randomUUID().toString().substring(0, 12));
  }

  /** As Spark ML makes stages that it reads. */
  public MultiLabelEvaluator(String uid) {
    this.uid = uid;
    labelCol = text("labelCol", "column of labels: arrays of text or numbers, or vectors");
    probabilityCol = text("probabilityCol", "column of probabilities, as the model adds it");
    metricName = text("metricName", MetricNames.allowed(METRICS));
    threshold =
        new DoubleParam(
            this,
            "threshold",
            "from which probability on a class is an answer; map does not depend on it",
            ParamValidators.inRange(0, 1));
    thresholds =
        new DoubleArrayParam(this, "thresholds", "the same by class, in the order of the labels");
    setDefault(labelCol, "label");
    setDefault(probabilityCol, "probability");
    setDefault(metricName, Metrics.MAP.name());
    setDefault(threshold, ImageModel.reference().evaluate().threshold());
  }

  private Param<String> text(String name, String meaning) {
    return new Param<>(this, name, meaning);
  }

  @Override
  public String uid() {
    return uid;
  }

  public Param<String> labelCol() {
    return labelCol;
  }

  public Param<String> probabilityCol() {
    return probabilityCol;
  }

  public Param<String> metricName() {
    return metricName;
  }

  public DoubleParam threshold() {
    return threshold;
  }

  public DoubleArrayParam thresholds() {
    return thresholds;
  }

  public MultiLabelEvaluator setLabelCol(String value) {
    set(labelCol, value);
    return this;
  }

  public MultiLabelEvaluator setProbabilityCol(String value) {
    set(probabilityCol, value);
    return this;
  }

  /**
   * @throws BellowsException (configuration) for a name that no metric has
   */
  public MultiLabelEvaluator setMetricName(String value) {
    MetricNames.of(METRICS, value);
    set(metricName, value);
    return this;
  }

  public MultiLabelEvaluator setThreshold(double value) {
    set(threshold, value);
    return this;
  }

  /**
   * @param values 0 to 1, in the order of the labels
   * @throws BellowsException (configuration) for a number beyond
   */
  public MultiLabelEvaluator setThresholds(double[] values) {
    ClassThresholds.requireProbabilities(values);
    set(thresholds, values.clone());
    return this;
  }

  private String textOf(Param<String> param) {
    return getOrDefault(param);
  }

  /**
   * The metric over all rows, 0 to 1.
   *
   * @throws BellowsException configuration: columns are missing or of another type, or thresholds
   *     do not fit; data: a row has no probabilities or no labels, or one that is none of the
   *     classes; or no row has a label
   */
  @Override
  public double evaluate(Dataset<?> dataset) {
    StructType schema = dataset.schema();
    LabelMetric metric = MetricNames.of(METRICS, textOf(metricName));
    StructField labels = ImageEstimator.field(schema, textOf(labelCol));
    if (!FrameSource.holdsLists(labels)) {
      throw BellowsException.configuration(
          "column %s is %s, expected an array of text or whole numbers, or a vector of 0 and 1"
              .formatted(labels.name(), labels.dataType().simpleString()));
    }
    List<String> classes = classes(ImageEstimator.field(schema, textOf(probabilityCol)));
    double[] inForce =
        ClassThresholds.inForce(
            isDefined(thresholds) ? getOrDefault(thresholds) : new double[0],
            (double) getOrDefault(threshold),
            classes.size());
    List<LabelComparison.Found> found =
        dataset
            .toDF()
            .select(
                ImageEstimator.column(textOf(probabilityCol)), ImageEstimator.column(labels.name()))
            .javaRDD()
            .mapPartitions(new LabelComparison(classes))
            .collect();
    LabelAnswers all = new LabelAnswers(classes.size());
    for (LabelComparison.Found ofPartition : found) {
      if (ofPartition.problem() != null) {
        throw BellowsException.data(ofPartition.problem());
      }
      all.add(ofPartition.answers());
    }
    LabelScores scores = LabelScores.of(all, inForce);
    if (scores.positives() == 0) {
      throw BellowsException.data(
          "no row has a label, so there is nothing to compare: there are no rows, or their lists"
              + " are empty");
    }
    return metric.figure().applyAsDouble(scores);
  }

  /** The names that the model left on its column. */
  private static List<String> classes(StructField probabilities) {
    Optional<Attribute[]> attributes =
        probabilities.dataType().equals(SQLDataTypes.VectorType())
                && AttributeGroup.fromStructField(probabilities).attributes().isDefined()
            ? Optional.of(AttributeGroup.fromStructField(probabilities).attributes().get())
            : Optional.empty();
    return attributes
        .filter(each -> Arrays.stream(each).allMatch(one -> one.name().isDefined()))
        .map(each -> Arrays.stream(each).map(one -> one.name().get()).toList())
        .orElseThrow(
            () ->
                BellowsException.configuration(
                    "column %s is %s without the names of classes, expected a vector as ImageClassifierModel adds it when it was trained on any number of labels"
                        .formatted(probabilities.name(), probabilities.dataType().simpleString())));
  }

  /** Of all metrics more is better. */
  @Override
  public boolean isLargerBetter() {
    return MetricNames.of(METRICS, textOf(metricName)).higherIsBetter();
  }

  @Override
  public MultiLabelEvaluator copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Writes the parameters. */
  @Override
  public MLWriter write() {
    return new DefaultParamsWriter(this);
  }

  /** The method that Spark ML calls to read a saved evaluator. */
  public static MLReader<MultiLabelEvaluator> read() {
    return new ImageModelReader<>(MultiLabelEvaluator.class, MultiLabelEvaluator::new);
  }

  public static MultiLabelEvaluator load(String path) {
    return read().load(path);
  }
}
