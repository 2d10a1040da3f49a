// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import java.util.List;
import java.util.stream.DoubleStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.bellows.conf.BellowsException;
import org.bellows.conf.PublicApi;
import org.bellows.conf.SourceSettings.Labels;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.conf.text.ValueText;
import org.bellows.driver.features.ClassColumns;
import org.bellows.driver.features.ClassRows;
import org.bellows.worker.model.MultiLabel;

/**
 * Adds to each row the class that a trained network says of its image, as {@code evaluate} and
 * {@code predict} do; or, where it was trained on any number of labels an image, all classes that
 * reach their thresholds. A column whose name is empty is not added.
 */
@PublicApi
public final class ImageClassifierModel extends ImageModel<ImageClassifierModel> {
  private static final long serialVersionUID = 1L;

  private final Param<String> predictionCol =
      text("predictionCol", "the likeliest label, or all that reach a threshold");
  private final Param<String> probabilityCol = text("probabilityCol", "a probability a label");
  private final Param<String> rawPredictionCol =
      text("rawPredictionCol", "their logarithms or logits");
  private final Param<String> predictedLabelCol = text("predictedLabelCol", "the class's name");
  private final IntParam batchSize = number("batchSize", "images in one forward pass");
  private final Param<String> labels = text("labels", "single or multiple an image; fit sets it");
  private final DoubleParam threshold =
      new DoubleParam(
          this,
          "threshold",
          "several labels: from which probability on a class is an answer",
          ParamValidators.inRange(0, 1));
  private final DoubleArrayParam thresholds =
      new DoubleArrayParam(this, "thresholds", "the same by class, in the order of the labels");

  /** As Spark ML makes stages that it reads. */
  public ImageClassifierModel(String uid) {
    super(uid);
    setDefault(predictionCol, "prediction");
    setDefault(probabilityCol, "probability");
    setDefault(rawPredictionCol, "rawPrediction");
    setDefault(predictedLabelCol, "predictedLabel");
    setDefault(batchSize, reference().evaluate().batch());
    setDefault(labels, ValueText.name(Labels.SINGLE));
    setDefault(threshold, reference().evaluate().threshold());
  }

  @Override
  ImageClassifierModel self() {
    return this;
  }

  public Param<String> predictionCol() {
    return predictionCol;
  }

  public Param<String> probabilityCol() {
    return probabilityCol;
  }

  public Param<String> rawPredictionCol() {
    return rawPredictionCol;
  }

  public Param<String> predictedLabelCol() {
    return predictedLabelCol;
  }

  public IntParam batchSize() {
    return batchSize;
  }

  public Param<String> labels() {
    return labels;
  }

  public DoubleParam threshold() {
    return threshold;
  }

  public DoubleArrayParam thresholds() {
    return thresholds;
  }

  public ImageClassifierModel setPredictionCol(String value) {
    set(predictionCol, value);
    return this;
  }

  public ImageClassifierModel setProbabilityCol(String value) {
    set(probabilityCol, value);
    return this;
  }

  public ImageClassifierModel setRawPredictionCol(String value) {
    set(rawPredictionCol, value);
    return this;
  }

  public ImageClassifierModel setPredictedLabelCol(String value) {
    set(predictedLabelCol, value);
    return this;
  }

  public ImageClassifierModel setBatchSize(int value) {
    set(batchSize, value);
    return this;
  }

  /** From which probability on a class is an answer, where an image has any number of classes. */
  public ImageClassifierModel setThreshold(double value) {
    set(threshold, value);
    return this;
  }

  /**
   * The same by class, in the place of {@code threshold}.
   *
   * @param values 0 to 1, in the order of the labels
   */
  public ImageClassifierModel setThresholds(double[] values) {
    set(thresholds, values.clone());
    return this;
  }

  ImageClassifierModel ofSeveral(boolean areSeveral) {
    set(labels, ValueText.name(areSeveral ? Labels.MULTIPLE : Labels.SINGLE));
    return this;
  }

  /**
   * The thresholds of the largest F1 of each class on the rows for validation, for {@link
   * #setThresholds}. They were chosen on those rows, so measure them on others.
   *
   * @throws org.bellows.conf.BellowsException (configuration) when the model says one class of each
   *     image, or no rows were for validation
   */
  public double[] bestThresholds() {
    Configuration hadoop = SparkSession.active().sparkContext().hadoopConfiguration();
    MultiLabel several = modelToSave(hadoop).card().multiLabel();
    if (several == null || several.thresholds().isEmpty()) {
      throw BellowsException.configuration(
          several == null
              ? "the model says one class of each image and has no thresholds"
              : "the model has no thresholds, since its training evaluated no split; set"
                  + " validationIndicatorCol before fit");
    }
    return several.thresholds().stream().mapToDouble(Double::doubleValue).toArray();
  }

  /**
   * Lazy: a partition is an iterator of which a few batches are held.
   *
   * @throws org.bellows.conf.BellowsException on the driver, before any task: data, when the model
   *     is missing or damaged; configuration, for unfit columns. Tasks fail with one (data) that
   *     names the image, if onBadImage is fail
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    Configuration hadoop = dataset.sparkSession().sparkContext().hadoopConfiguration();
    SettingsLoader settings =
        new SettingsLoader()
            .set(
                List.of(
                    "evaluate.threshold=" + getOrDefault(threshold),
                    "evaluate.batch=" + numberOf(batchSize),
                    "data.decode-threads=" + numberOf(threads())));
    List<Double> byClass =
        isDefined(thresholds)
            ? DoubleStream.of(getOrDefault(thresholds)).boxed().toList()
            : List.of();
    return ClassRows.add(
        dataset,
        qualifiedModelPath(hadoop),
        settings.load(List.of(), List.of()),
        columns(),
        byClass);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return columns().added(schema, List.of());
  }

  private ClassColumns columns() {
    return new ClassColumns(
        textOf(inputCol()),
        textOf(rawPredictionCol),
        textOf(probabilityCol),
        textOf(predictionCol),
        textOf(predictedLabelCol),
        textOf(reasonCol()),
        onBadImages(),
        textOf(labels).equals(ValueText.name(Labels.MULTIPLE)));
  }

  @Override
  public ImageClassifierModel copy(ParamMap extra) {
    return copied(extra);
  }

  /** The method that Spark ML calls to read a saved stage. */
  public static MLReader<ImageClassifierModel> read() {
    return new ImageModelReader<>(ImageClassifierModel.class, ImageClassifierModel::new);
  }

  public static ImageClassifierModel load(String path) {
    return read().load(path);
  }
}
