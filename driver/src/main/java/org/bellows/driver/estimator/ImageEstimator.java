// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.bellows.conf.BellowsException;
import org.bellows.conf.PublicApi;
import org.bellows.conf.text.Words;

/**
 * What estimators of images have in common: a network is trained on the rows of a DataFrame by the
 * very run of the command {@code train}, in the session that the DataFrame belongs to. Rows are
 * prepared into a dataset below {@code workPath}, and the run's folder is there, too; both are
 * named after their content, so that a second fit on the same rows finds the dataset, one with the
 * same settings finds the run, and one that was interrupted resumes it.
 *
 * <p>Parameters that are not set leave a setting as profile and {@code settings} have it.
 *
 * @param <E> the estimator
 * @param <M> its model
 */
@PublicApi
public abstract class ImageEstimator<E extends ImageEstimator<E, M>, M extends Model<M>>
    extends Estimator<M> implements MLWritable {
  private static final long serialVersionUID = 1L;

  /** The column that binaryFile names files in. */
  private static final String PATH = "path";

  private static final String VALIDATION = "validation";

  private final String uid;
  private final Param<String> inputCol;
  private final Param<String> validationIndicatorCol;
  private final Param<String> workPath;
  private final Param<String> reportPath;
  private final Param<String> network;
  private final Param<String> profile;
  private final IntParam maxIter;
  private final DoubleParam stepSize;
  private final LongParam seed;
  private final StringArrayParam settings;

  ImageEstimator(String uid) {
    this.uid = uid;
    inputCol =
        text("inputCol", "column of encoded images (binary), of paths (string), or Spark's image");
    validationIndicatorCol =
        text("validationIndicatorCol", "column that says which rows are for validation (boolean)");
    workPath = text("workPath", "folder of datasets and runs; a Hadoop path");
    reportPath = text("reportPath", "file that gets the page about the last run; a Hadoop path");
    network = text("network", "name of the network, as model.name");
    profile = text("profile", "a shipped profile or a .conf file, as --profile");
    maxIter = new IntParam(this, "maxIter", "epochs, as train.epochs", ParamValidators.gtEq(1));
    stepSize =
        new DoubleParam(
            this, "stepSize", "learning rate, as schedule.base-lr", ParamValidators.gt(0));
    seed = new LongParam(this, "seed", "of initial parameters and orders, as train.seed");
    settings = new StringArrayParam(this, "settings", "key=value, as --set");
    setDefault(inputCol, "content");
    setDefault(settings, new String[0]);
  }

  Param<String> text(String name, String meaning) {
    return new Param<>(this, name, meaning);
  }

  abstract E self();

  @Override
  public String uid() {
    return uid;
  }

  public Param<String> inputCol() {
    return inputCol;
  }

  public Param<String> validationIndicatorCol() {
    return validationIndicatorCol;
  }

  public Param<String> workPath() {
    return workPath;
  }

  public Param<String> reportPath() {
    return reportPath;
  }

  public Param<String> network() {
    return network;
  }

  public Param<String> profile() {
    return profile;
  }

  public IntParam maxIter() {
    return maxIter;
  }

  public DoubleParam stepSize() {
    return stepSize;
  }

  public LongParam seed() {
    return seed;
  }

  public StringArrayParam settings() {
    return settings;
  }

  public E setInputCol(String value) {
    set(inputCol, value);
    return self();
  }

  /** Rows where it is true are for validation, the others for training. */
  public E setValidationIndicatorCol(String value) {
    set(validationIndicatorCol, value);
    return self();
  }

  /** Datasets and runs are below it; all executors must reach it. */
  public E setWorkPath(String value) {
    set(workPath, value);
    return self();
  }

  /** A file, which each fit replaces: of a search that which it ends with. */
  public E setReportPath(String value) {
    set(reportPath, value);
    return self();
  }

  public E setNetwork(String value) {
    set(network, value);
    return self();
  }

  public E setProfile(String value) {
    set(profile, value);
    return self();
  }

  public E setMaxIter(int value) {
    set(maxIter, value);
    return self();
  }

  public E setStepSize(double value) {
    set(stepSize, value);
    return self();
  }

  public E setSeed(long value) {
    set(seed, value);
    return self();
  }

  /**
   * @param values such as {@code train.global-batch=64}, {@code optimizer.name=lars}; keys that
   *     this class decides are refused by fit
   */
  public E setSettings(String[] values) {
    set(settings, values.clone());
    return self();
  }

  String textOf(Param<String> param) {
    return getOrDefault(param);
  }

  Optional<String> given(Param<String> param) {
    return isDefined(param)
        ? Optional.of(textOf(param)).filter(t -> !t.isBlank())
        : Optional.empty();
  }

  /**
   * What the parameters say of the run.
   *
   * @param areSeveral whether a row has any number of labels
   */
  FitSettings fitSettings(boolean areSeveral) {
    return new FitSettings(
        given(profile).orElse(null),
        List.of(getOrDefault(settings)),
        ofParameters(areSeveral),
        isDefined(validationIndicatorCol),
        areSeveral,
        given(workPath).orElse(""));
  }

  /** Parameters that stand for one setting, if they are set, as {@code key=value}. */
  List<String> ofParameters(boolean areSeveral) {
    List<String> assignments = new ArrayList<>();
    addTo(assignments, "model.name", network);
    addTo(assignments, "train.epochs", maxIter);
    addTo(assignments, "schedule.base-lr", stepSize);
    addTo(assignments, "train.seed", seed);
    return assignments;
  }

  void addTo(List<String> assignments, String key, Param<?> param) {
    if (isSet(param)) {
      assignments.add(key + "=" + getOrDefault(param));
    }
  }

  /**
   * The columns that a dataset is prepared from, by the names that {@code prepare} has for them.
   *
   * @param target column of labels or masks, and the name for it
   */
  Dataset<Row> columns(Dataset<?> rows, String target, String name) {
    StructType schema = rows.schema();
    List<Column> columns = new ArrayList<>();
    columns.add(column(textOf(inputCol)).as("image"));
    columns.add(column(target).as(name, field(schema, target).metadata()));
    boolean isPath = field(schema, textOf(inputCol)).dataType().equals(DataTypes.StringType);
    boolean hasPath = List.of(schema.fieldNames()).contains(PATH);
    if (!isPath && hasPath && field(schema, PATH).dataType().equals(DataTypes.StringType)) {
      columns.add(column(PATH));
    }
    given(validationIndicatorCol)
        .ifPresent(
            indicator ->
                columns.add(
                    functions.when(column(indicator), VALIDATION).otherwise("train").as("split")));
    return rows.toDF().select(columns.toArray(Column[]::new));
  }

  static Column column(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }

  /**
   * @throws BellowsException (configuration) when there is none of that name
   */
  static StructField field(StructType schema, String name) {
    for (StructField field : schema.fields()) {
      if (field.name().equals(name)) {
        return field;
      }
    }
    throw BellowsException.configuration(
        "there is no column %s; there are %s"
            .formatted(name, Words.and(List.of(schema.fieldNames()))));
  }

  /**
   * @throws BellowsException (configuration) for an indicator that is missing or not boolean
   */
  void requireIndicator(StructType schema) {
    given(validationIndicatorCol)
        .map(name -> field(schema, name))
        .filter(field -> !field.dataType().equals(DataTypes.BooleanType))
        .ifPresent(
            field -> {
              throw BellowsException.configuration(
                  "column %s is %s, expected boolean"
                      .formatted(field.name(), field.dataType().simpleString()));
            });
  }

  /** Writes the parameters. */
  @Override
  public MLWriter write() {
    return new DefaultParamsWriter(this);
  }
}
