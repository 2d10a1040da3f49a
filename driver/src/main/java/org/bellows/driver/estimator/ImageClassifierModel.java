// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.bellows.conf.PublicApi;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.driver.features.ClassColumns;
import org.bellows.driver.features.ClassRows;

/**
 * Adds to each row the class that a trained network says of its image, as {@code evaluate} and
 * {@code predict} do. A column whose name is empty is not added.
 */
@PublicApi
public final class ImageClassifierModel extends ImageModel<ImageClassifierModel> {
  private static final long serialVersionUID = 1L;

  private final Param<String> predictionCol = text("predictionCol", "the likeliest label");
  private final Param<String> probabilityCol = text("probabilityCol", "a probability a label");
  private final Param<String> rawPredictionCol = text("rawPredictionCol", "their logarithms");
  private final Param<String> predictedLabelCol = text("predictedLabelCol", "the class's name");
  private final IntParam batchSize = number("batchSize", "images in one forward pass");

  /** As Spark ML makes stages that it reads. */
  public ImageClassifierModel(String uid) {
    super(uid);
    setDefault(predictionCol, "prediction");
    setDefault(probabilityCol, "probability");
    setDefault(rawPredictionCol, "rawPrediction");
    setDefault(predictedLabelCol, "predictedLabel");
    setDefault(batchSize, reference().evaluate().batch());
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
                    "evaluate.batch=" + numberOf(batchSize),
                    "data.decode-threads=" + numberOf(threads())));
    return ClassRows.add(
        dataset, qualifiedModelPath(hadoop), settings.load(List.of(), List.of()), columns());
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
        onBadImages());
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
