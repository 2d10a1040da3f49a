// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import java.util.List;
import java.util.UUID;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.bellows.conf.PublicApi;
import org.bellows.conf.Settings.OnBadImage;
import org.bellows.driver.features.ClassColumns;

/**
 * Trains a network that says a class of each image. For Spark ML pipelines and searches, from Java,
 * Scala or Python, in a session that was started with {@link SessionSettings}.
 *
 * <pre>
 * ImageClassifierModel model =
 *     new ImageClassifier()
 *         .setNetwork("resnet20-cifar")
 *         .setWorkPath("hdfs:///work")
 *         .setMaxIter(20)
 *         .setSettings(new String[] {"train.global-batch=64"})
 *         .fit(images);
 * </pre>
 *
 * <p>{@code labelCol} holds text, whole numbers or what StringIndexer made of text, whose names
 * then are the classes' names. The run is that of the command {@code train}, and its parameters are
 * the same to the bit.
 */
@PublicApi
public final class ImageClassifier extends ImageEstimator<ImageClassifier, ImageClassifierModel> {
  private static final long serialVersionUID = 1L;

  private final Param<String> labelCol = text("labelCol", "column of labels: text or numbers");
  private final Param<String> predictionCol =
      text("predictionCol", "column that gets the likeliest label, a double");
  private final Param<String> probabilityCol =
      text("probabilityCol", "column that gets a probability for each label, an ML vector");
  private final Param<String> rawPredictionCol =
      text("rawPredictionCol", "column that gets the probabilities' logarithms, an ML vector");
  private final Param<String> predictedLabelCol =
      text("predictedLabelCol", "column that gets the name of the likeliest class");

  public ImageClassifier() {
    this("image-classifier-" + UUID.randomUUID().toString().substring(0, 12));
  }

  /** As Spark ML makes stages that it reads. */
  public ImageClassifier(String uid) {
    super(uid);
    setDefault(labelCol, "label");
    setDefault(predictionCol, "prediction");
    setDefault(probabilityCol, "probability");
    setDefault(rawPredictionCol, "rawPrediction");
    setDefault(predictedLabelCol, "predictedLabel");
  }

  @Override
  ImageClassifier self() {
    return this;
  }

  public Param<String> labelCol() {
    return labelCol;
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

  public ImageClassifier setLabelCol(String value) {
    set(labelCol, value);
    return this;
  }

  public ImageClassifier setPredictionCol(String value) {
    set(predictionCol, value);
    return this;
  }

  public ImageClassifier setProbabilityCol(String value) {
    set(probabilityCol, value);
    return this;
  }

  public ImageClassifier setRawPredictionCol(String value) {
    set(rawPredictionCol, value);
    return this;
  }

  public ImageClassifier setPredictedLabelCol(String value) {
    set(predictedLabelCol, value);
    return this;
  }

  /**
   * @throws org.bellows.conf.BellowsException configuration, before any Spark job and with all that
   *     is wrong: settings, the session, columns; data: images that cannot be used; infrastructure:
   *     executors are lost. A fit that failed resumes from where it was when it is called again
   */
  @Override
  public ImageClassifierModel fit(Dataset<?> dataset) {
    ImageFit fit = ImageFit.checked(dataset, fitSettings(), () -> requireColumns(dataset.schema()));
    ImageFit.Fitted fitted =
        fit.run(columns(dataset, textOf(labelCol), "label"), given(reportPath()));
    ImageClassifierModel model = copyValues(new ImageClassifierModel(uid()), extractParamMap());
    return model.trainedBy(fitted).setParent(this);
  }

  private void requireColumns(StructType schema) {
    field(schema, textOf(inputCol()));
    field(schema, textOf(labelCol));
    requireIndicator(schema);
    output().added(schema, List.of());
  }

  private ClassColumns output() {
    return new ClassColumns(
        textOf(inputCol()),
        textOf(rawPredictionCol),
        textOf(probabilityCol),
        textOf(predictionCol),
        textOf(predictedLabelCol),
        "",
        OnBadImage.FAIL);
  }

  /** Columns that the model adds; that of reasons is the model's own. */
  @Override
  public StructType transformSchema(StructType schema) {
    requireColumns(schema);
    return output().added(schema, List.of());
  }

  @Override
  public ImageClassifier copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** The method that Spark ML calls to read a saved stage. */
  public static MLReader<ImageClassifier> read() {
    return new ImageModelReader<>(ImageClassifier.class, ImageClassifier::new);
  }

  public static ImageClassifier load(String path) {
    return read().load(path);
  }
}
