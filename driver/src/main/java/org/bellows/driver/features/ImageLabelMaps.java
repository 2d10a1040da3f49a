// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.bellows.conf.BellowsException;
import org.bellows.conf.PublicApi;
import org.bellows.conf.Settings;
import org.bellows.conf.text.Words;
import org.bellows.driver.predict.PredictModel;

/**
 * Adds to each row the class of each pixel of its image, as a trained network for pixels predicts
 * it at the image's own size. For Spark ML pipelines, from Java, Scala or Python; what it computes
 * is what {@code predict} computes of the same image.
 *
 * <pre>
 * Dataset&lt;Row&gt; images = spark.read().format("binaryFile").load("hdfs:///streets");
 * Dataset&lt;Row&gt; maps = new ImageLabelMaps().setModelPath("hdfs:///runs/unet").transform(images);
 * maps.select("path", "labels.height", "labels.width", "labels.png");
 * </pre>
 *
 * <p>The output is a struct of {@code height}, {@code width} and, by {@code format}, {@code png}: a
 * PNG file whose palette's indices are the labels; or {@code raw}: height x width bytes, row by
 * row, each a label. 255 is a pixel whose scores are not finite.
 *
 * <p>Lazy: a partition is an iterator of which a few images are held. Rows keep their order and
 * their columns. The tasks of an executor share one network. A saved one holds its models.
 */
@PublicApi
public final class ImageLabelMaps extends ImageStageParameters implements MLWritable {
  private static final long serialVersionUID = 1L;

  private final Param<String> format = text("format", "png or raw");
  private final StringArrayParam ensemble =
      new StringArrayParam(
          this, "ensemble", "folders of further models, whose probabilities are averaged");
  private final StringArrayParam settings =
      new StringArrayParam(this, "settings", "key=value, of " + Words.and(LabelSettings.ALLOWED));

  /** How the labels are stored. */
  enum Format {
    PNG,
    RAW
  }

  public ImageLabelMaps() {
    this("image-label-maps-" + UUID.randomUUID().toString().substring(0, 12));
  }

  /** As Spark ML makes stages that it reads. */
  public ImageLabelMaps(String uid) {
    super(uid, "labels", "the label of each pixel, a struct");
    setDefault(format, spelled(Format.PNG));
    setDefault(ensemble, new String[0]);
    setDefault(settings, new String[0]);
  }

  public Param<String> format() {
    return format;
  }

  public StringArrayParam ensemble() {
    return ensemble;
  }

  public StringArrayParam settings() {
    return settings;
  }

  /** A run's or a model's folder that all executors can read; a path as Spark resolves it. */
  public ImageLabelMaps setModelPath(String value) {
    set(modelPath(), value);
    return this;
  }

  /**
   * Further models, whose probabilities are averaged with those of the model at modelPath, each
   * model counting the same.
   *
   * @param values folders as modelPath has them
   */
  public ImageLabelMaps setEnsemble(String[] values) {
    set(ensemble, values.clone());
    return this;
  }

  public ImageLabelMaps setInputCol(String value) {
    set(inputCol(), value);
    return this;
  }

  public ImageLabelMaps setOutputCol(String value) {
    set(outputCol(), value);
    return this;
  }

  public ImageLabelMaps setReasonCol(String value) {
    set(reasonCol(), value);
    return this;
  }

  /**
   * @throws BellowsException (configuration) for anything but null-with-reason and fail
   */
  public ImageLabelMaps setOnBadImage(String value) {
    choice("onBadImage", value, Settings.OnBadImage.class);
    set(onBadImage(), value);
    return this;
  }

  public ImageLabelMaps setThreads(int value) {
    set(threads(), value);
    return this;
  }

  /**
   * @throws BellowsException (configuration) for anything but png and raw
   */
  public ImageLabelMaps setFormat(String value) {
    choice("format", value, Format.class);
    set(format, value);
    return this;
  }

  /**
   * @param values such as {@code evaluate.inference=sliding-window}, {@code crf.enabled=true},
   *     {@code predict.colours=colours.txt}
   * @throws BellowsException (configuration) for a setting that there is not, or that label maps do
   *     not depend on
   */
  public ImageLabelMaps setSettings(String[] values) {
    LabelSettings.of(List.of(values));
    set(settings, values.clone());
    return this;
  }

  /**
   * @throws BellowsException on the driver, before any task: data, when there is no model or it is
   *     damaged, or models do not go together; configuration, for unfit columns or a model of
   *     images' classes. Tasks fail with one (data) that names the image, if onBadImage is fail
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = dataset.schema();
    StructType result = transformSchema(schema);
    Configuration hadoop = dataset.sparkSession().sparkContext().hadoopConfiguration();
    PredictModel model =
        PredictModel.read(
            hadoop, qualifiedModelPaths(hadoop), LabelSettings.of(List.of(getOrDefault(settings))));
    ImageLabelRows rows =
        new ImageLabelRows(
            model, model.palette(), columns(), labelFormat(), numberOf(threads()), schema);
    return ImageColumns.withMetadata(
        dataset.toDF().mapPartitions(rows, Encoders.row(result)), result);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return columns().added(schema, ImageLabelRows.type(labelFormat()));
  }

  @Override
  List<String> qualifiedModelPaths(Configuration hadoop) {
    List<String> paths = new ArrayList<>(super.qualifiedModelPaths(hadoop));
    for (String path : getOrDefault(ensemble)) {
      paths.add(qualified(hadoop, path));
    }
    return paths;
  }

  @Override
  void useSavedModels(String folder) {
    super.useSavedModels(folder);
    String[] others = new String[getOrDefault(ensemble).length];
    Arrays.setAll(others, i -> savedPath(folder, i + 1));
    set(ensemble, others);
  }

  private Format labelFormat() {
    return choice("format", textOf(format), Format.class);
  }

  private ImageColumns columns() {
    return new ImageColumns(
        textOf(inputCol()),
        textOf(outputCol()),
        textOf(reasonCol()),
        null,
        choice("onBadImage", textOf(onBadImage()), Settings.OnBadImage.class));
  }

  @Override
  public ImageLabelMaps copy(ParamMap extra) {
    ImageLabelMaps copy = defaultCopy(extra);
    copy.holdAs(this);
    return copy;
  }

  /** Writes the parameters and a copy of the models, so that what is read needs nothing else. */
  @Override
  public MLWriter write() {
    return new ImageStageWriter(this);
  }

  /** The method that Spark ML calls to read a saved stage. */
  public static MLReader<ImageLabelMaps> read() {
    return new ImageStageReader<>(ImageLabelMaps.class, ImageLabelMaps::new);
  }

  public static ImageLabelMaps load(String path) {
    return read().load(path);
  }
}
