// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Device;
import org.bellows.conf.EvaluateSettings;
import org.bellows.conf.Precision;
import org.bellows.conf.PublicApi;
import org.bellows.conf.Settings;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.InferenceArithmetic;
import org.bellows.worker.features.FeatureRequest;

/**
 * Adds to each row what a trained network computes of its image: a layer's output as an ML vector,
 * and if asked for the likeliest classes. For Spark ML pipelines, from Java, Scala or Python; what
 * it computes is what {@code evaluate} computes of the same image. The defaults are those of {@code
 * features.*}, {@code evaluate.batch} and {@code data.decode-threads} in {@code reference.conf}.
 *
 * <pre>
 * Dataset&lt;Row&gt; images = spark.read().format("binaryFile").load("hdfs:///photographs");
 * Dataset&lt;Row&gt; features = new ImageFeatures().setModelPath("hdfs:///runs/pets").transform(images);
 * </pre>
 *
 * <p>Lazy: a partition is an iterator of which a few batches are held. Rows keep their order and
 * their columns. The tasks of an executor share one network. A saved one holds its model.
 */
@PublicApi
public final class ImageFeatures extends ImageFeatureParameters implements MLWritable {
  private static final long serialVersionUID = 1L;

  public ImageFeatures() {
    this("image-features-" + UUID.randomUUID().toString().substring(0, 12));
  }

  /** As Spark ML makes stages that it reads. */
  public ImageFeatures(String uid) {
    super(uid);
  }

  /** A run's or a model's folder that all executors can read; a path as Spark resolves it. */
  public ImageFeatures setModelPath(String value) {
    set(modelPath(), value);
    return this;
  }

  public ImageFeatures setInputCol(String value) {
    set(inputCol(), value);
    return this;
  }

  public ImageFeatures setOutputCol(String value) {
    set(outputCol(), value);
    return this;
  }

  public ImageFeatures setReasonCol(String value) {
    set(reasonCol(), value);
    return this;
  }

  public ImageFeatures setTopCol(String value) {
    set(topCol(), value);
    return this;
  }

  public ImageFeatures setLayer(String value) {
    set(layer(), value);
    return this;
  }

  /**
   * @throws BellowsException (configuration) for anything but average and flat
   */
  public ImageFeatures setPooling(String value) {
    choice("pooling", value, Settings.Pooling.class);
    set(pooling(), value);
    return this;
  }

  /**
   * @throws BellowsException (configuration) for anything but null-with-reason and fail
   */
  public ImageFeatures setOnBadImage(String value) {
    choice("onBadImage", value, Settings.OnBadImage.class);
    set(onBadImage(), value);
    return this;
  }

  /**
   * @throws BellowsException (configuration) for anything but cpu and gpu
   */
  public ImageFeatures setDevice(String value) {
    choice("device", value, Device.class);
    set(device(), value);
    return this;
  }

  /**
   * @param value what computes: onednn, dl4j, torch, or the name of an engine of another jar
   */
  public ImageFeatures setEngine(String value) {
    set(engine(), value);
    return this;
  }

  /**
   * @throws BellowsException (configuration) for anything but float32, tf32 and bfloat16
   */
  public ImageFeatures setPrecision(String value) {
    choice("precision", value, Precision.class);
    set(precision(), value);
    return this;
  }

  /**
   * @throws BellowsException (configuration) for anything but direct and winograd
   */
  public ImageFeatures setConvolutions(String value) {
    choice("convolutions", value, EvaluateSettings.InferenceConvolutions.class);
    set(convolutions(), value);
    return this;
  }

  public ImageFeatures setBatchSize(int value) {
    set(batchSize(), value);
    return this;
  }

  public ImageFeatures setThreads(int value) {
    set(threads(), value);
    return this;
  }

  public ImageFeatures setTop(int value) {
    set(top(), value);
    return this;
  }

  /**
   * @throws BellowsException on the driver, before any task: data, when there is no model or it is
   *     damaged; configuration, for an unknown layer or unfit columns. Tasks fail with one (data)
   *     that names the image, if onBadImage is fail
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = dataset.schema();
    StructType result = transformSchema(schema);
    Configuration hadoop = dataset.sparkSession().sparkContext().hadoopConfiguration();
    Settings settings = reference();
    ExecutorNetworks.Model model =
        ExecutorNetworks.Model.read(
            hadoop,
            qualifiedModelPath(hadoop),
            settings,
            EngineRequest.ofInference(
                    textOf(engine()),
                    new InferenceArithmetic(
                        choice(
                            "convolutions",
                            textOf(convolutions()),
                            EvaluateSettings.InferenceConvolutions.class),
                        choice("precision", textOf(precision()), Precision.class)))
                .on(choice("device", textOf(device()), Device.class)));
    FeatureRequest request =
        FeatureRequest.of(
            model.card(),
            textOf(layer()),
            choice("pooling", textOf(pooling()), Settings.Pooling.class),
            numberOf(top()));
    RowStream.Reading reading =
        new RowStream.Reading(
            numberOf(batchSize()), numberOf(threads()), settings.prepare().maxPixels());
    ImageRows rows = new ImageRows(model, request, reading, columns(), schema);
    return ImageColumns.withMetadata(
        dataset.toDF().mapPartitions(rows, Encoders.row(result)), result);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return columns().added(schema, SQLDataTypes.VectorType());
  }

  private ImageColumns columns() {
    return new ImageColumns(
        textOf(inputCol()),
        textOf(outputCol()),
        textOf(reasonCol()),
        numberOf(top()) == 0 ? null : textOf(topCol()),
        choice("onBadImage", textOf(onBadImage()), Settings.OnBadImage.class));
  }

  @Override
  public ImageFeatures copy(ParamMap extra) {
    ImageFeatures copy = defaultCopy(extra);
    copy.holdAs(this);
    return copy;
  }

  /** Writes the parameters and a copy of the model, so that what is read needs nothing else. */
  @Override
  public MLWriter write() {
    return new ImageStageWriter(this);
  }

  /** The method that Spark ML calls to read a saved stage. */
  public static MLReader<ImageFeatures> read() {
    return new ImageStageReader<>(ImageFeatures.class, ImageFeatures::new);
  }

  public static ImageFeatures load(String path) {
    return read().load(path);
  }

  /**
   * Also keeps the model, so that the stage can be saved onto the folder that contains it.
   *
   * @throws BellowsException (data) when the model at modelPath has other parameters
   */
  public void requireParameters(Configuration hadoop, String sha256) {
    String actual = hold(hadoop).card().parametersSha256();
    if (!actual.equals(sha256)) {
      throw BellowsException.data(
          "the model at %s has parameters %s, expected %s"
              .formatted(textOf(modelPath()), actual, sha256));
    }
  }
}
