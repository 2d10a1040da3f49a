// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.bellows.conf.PublicApi;
import org.bellows.driver.features.ImageLabelMaps;

/**
 * Adds to each row the class of each pixel of its image, as {@link ImageLabelMaps} does with the
 * network that was trained.
 */
@PublicApi
public final class ImageSegmenterModel extends ImageModel<ImageSegmenterModel> {
  private static final long serialVersionUID = 1L;

  private final Param<String> predictionCol =
      text("predictionCol", "column that gets the label of each pixel, a struct");
  private final Param<String> format = text("format", "png or raw, as of ImageLabelMaps");
  private final StringArrayParam inference =
      new StringArrayParam(this, "inference", "key=value, as the settings of ImageLabelMaps");

  /** As Spark ML makes stages that it reads. */
  public ImageSegmenterModel(String uid) {
    super(uid);
    setDefault(predictionCol, "prediction");
    setDefault(format, "png");
    setDefault(inference, new String[0]);
  }

  @Override
  ImageSegmenterModel self() {
    return this;
  }

  public Param<String> predictionCol() {
    return predictionCol;
  }

  public Param<String> format() {
    return format;
  }

  public StringArrayParam inference() {
    return inference;
  }

  public ImageSegmenterModel setPredictionCol(String value) {
    set(predictionCol, value);
    return this;
  }

  /**
   * @throws org.bellows.conf.BellowsException (configuration) for anything but png and raw
   */
  public ImageSegmenterModel setFormat(String value) {
    new ImageLabelMaps().setFormat(value);
    set(format, value);
    return this;
  }

  /**
   * @param values such as {@code evaluate.inference=sliding-window} or {@code crf.enabled=true}
   * @throws org.bellows.conf.BellowsException (configuration) for a setting that there is not, or
   *     that label maps do not depend on
   */
  public ImageSegmenterModel setInference(String[] values) {
    new ImageLabelMaps().setSettings(values);
    set(inference, values.clone());
    return this;
  }

  private ImageLabelMaps stage() {
    return new ImageLabelMaps()
        .setInputCol(textOf(inputCol()))
        .setOutputCol(textOf(predictionCol))
        .setReasonCol(textOf(reasonCol()))
        .setOnBadImage(textOf(onBadImage()))
        .setThreads(numberOf(threads()))
        .setFormat(textOf(format))
        .setSettings(getOrDefault(inference));
  }

  /** Lazy; as {@link ImageLabelMaps#transform}. */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    Configuration hadoop = dataset.sparkSession().sparkContext().hadoopConfiguration();
    return stage().setModelPath(qualifiedModelPath(hadoop)).transform(dataset);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return stage().transformSchema(schema);
  }

  @Override
  public ImageSegmenterModel copy(ParamMap extra) {
    return copied(extra);
  }

  /** The method that Spark ML calls to read a saved stage. */
  public static MLReader<ImageSegmenterModel> read() {
    return new ImageModelReader<>(ImageSegmenterModel.class, ImageSegmenterModel::new);
  }

  public static ImageSegmenterModel load(String path) {
    return read().load(path);
  }
}
