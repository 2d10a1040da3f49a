// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.bellows.conf.BellowsException;
import org.bellows.conf.PublicApi;
import org.bellows.conf.Settings.OnBadImage;
import org.bellows.driver.features.ClassColumns;
import org.bellows.driver.features.ClassThresholds;
import org.bellows.driver.frame.FrameSource;

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
 * then are the classes' names. An array of text or of whole numbers, or a vector of 0 and 1, is any
 * number of labels: each class then has a probability of its own, and the prediction is an array of
 * those that reach their thresholds. The run is that of the command {@code train}, and its
 * parameters are the same to the bit.
 */
@PublicApi
public final class ImageClassifier extends ImageEstimator<ImageClassifier, ImageClassifierModel> {
  private static final long serialVersionUID = 1L;

  private final Param<String> labelCol =
      text("labelCol", "column of labels: text, numbers, or arrays");
  private final Param<String> predictionCol =
      text("predictionCol", "column that gets the likeliest label, or all that reach a threshold");
  private final Param<String> probabilityCol =
      text("probabilityCol", "column that gets a probability for each label, an ML vector");
  private final Param<String> rawPredictionCol =
      text(
          "rawPredictionCol",
          "column that gets the probabilities' logarithms or logits, an ML vector");
  private final Param<String> predictedLabelCol =
      text("predictedLabelCol", "column that gets the name of the likeliest class, or of all");
  private final DoubleParam threshold =
      new DoubleParam(
          this,
          "threshold",
          "several labels: from which probability on a class is an answer",
          ParamValidators.inRange(0, 1));
  private final DoubleArrayParam thresholds =
      new DoubleArrayParam(this, "thresholds", "the same by class, in the order of the labels");

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
    setDefault(threshold, ImageModel.reference().evaluate().threshold());
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

  public DoubleParam threshold() {
    return threshold;
  }

  public DoubleArrayParam thresholds() {
    return thresholds;
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

  /** From which probability on a class is an answer, where an image has any number of classes. */
  public ImageClassifier setThreshold(double value) {
    set(threshold, value);
    return this;
  }

  /**
   * The same by class, in the place of {@code threshold}.
   *
   * @param values 0 to 1, in the order of the labels
   */
  public ImageClassifier setThresholds(double[] values) {
    set(thresholds, values.clone());
    return this;
  }

  /**
   * @throws org.bellows.conf.BellowsException configuration, before any Spark job and with all that
   *     is wrong: settings, the session, columns; data: images that cannot be used; infrastructure:
   *     executors are lost. A fit that failed resumes from where it was when it is called again
   */
  @Override
  public ImageClassifierModel fit(Dataset<?> dataset) {
    boolean areSeveral = haveSeveral(dataset.schema());
    ImageFit fit =
        ImageFit.checked(dataset, fitSettings(areSeveral), () -> requireColumns(dataset.schema()));
    ImageFit.Fitted fitted =
        fit.run(columns(dataset, textOf(labelCol), "label"), given(reportPath()));
    ImageClassifierModel model = copyValues(new ImageClassifierModel(uid()), extractParamMap());
    return model.ofSeveral(areSeveral).trainedBy(fitted).setParent(this);
  }

  /** The run then measures by the model's threshold. */
  @Override
  List<String> ofParameters(boolean areSeveral) {
    List<String> assignments = super.ofParameters(areSeveral);
    if (areSeveral) {
      addTo(assignments, "evaluate.threshold", threshold);
    }
    return assignments;
  }

  private void requireColumns(StructType schema) {
    field(schema, textOf(inputCol()));
    field(schema, textOf(labelCol));
    requireIndicator(schema);
    requireFitThresholds(schema);
    output(schema).added(schema, List.of());
  }

  /** The number of classes is known to the trained model alone. */
  private void requireFitThresholds(StructType schema) {
    for (Param<?> param : List.of(threshold, thresholds)) {
      if (isSet(param) && !haveSeveral(schema)) {
        throw BellowsException.configuration(
            "%s is set, but column %s has one label a row, expected arrays or vectors of labels"
                .formatted(param.name(), textOf(labelCol)));
      }
    }
    if (isSet(thresholds)) {
      ClassThresholds.requireProbabilities(getOrDefault(thresholds));
    }
  }

  /** Whether the column of labels holds any number of them a row. */
  private boolean haveSeveral(StructType schema) {
    return Stream.of(schema.fields())
        .anyMatch(field -> field.name().equals(textOf(labelCol)) && FrameSource.holdsLists(field));
  }

  private ClassColumns output(StructType schema) {
    return new ClassColumns(
        textOf(inputCol()),
        textOf(rawPredictionCol),
        textOf(probabilityCol),
        textOf(predictionCol),
        textOf(predictedLabelCol),
        "",
        OnBadImage.FAIL,
        haveSeveral(schema));
  }

  /** Columns that the model adds; that of reasons is the model's own. */
  @Override
  public StructType transformSchema(StructType schema) {
    requireColumns(schema);
    return output(schema).added(schema, List.of());
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
