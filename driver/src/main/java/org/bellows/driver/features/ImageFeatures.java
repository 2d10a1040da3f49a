package org.bellows.driver.features;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.conf.SettingsLoader;
import org.bellows.data.storage.Storage;
import org.bellows.worker.features.FeatureRequest;
import org.bellows.worker.model.TrainedModel;

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
public final class ImageFeatures extends Transformer implements MLWritable {
  private static final long serialVersionUID = 1L;
  private static final String FEATURES = "features";

  private final String uid;
  private final Param<String> modelPath;
  private final Param<String> inputCol;
  private final Param<String> outputCol;
  private final Param<String> reasonCol;
  private final Param<String> topCol;
  private final Param<String> layer;
  private final Param<String> pooling;
  private final Param<String> onBadImage;
  private final Param<String> device;
  private final IntParam batchSize;
  private final IntParam threads;
  private final IntParam top;

  public ImageFeatures() {
    this("image-features-" + UUID.randomUUID().toString().substring(0, 12));
  }

  /** As Spark ML makes stages that it reads. */
  public ImageFeatures(String uid) {
    this.uid = uid;
    modelPath = text("modelPath", "folder of a trained model or of its run; a Hadoop path");
    inputCol = text("inputCol", "column of encoded images (binary) or of paths (string)");
    outputCol = text("outputCol", "column that gets the features, an ML vector");
    reasonCol = text("reasonCol", "column that gets the reason where there are no features");
    topCol = text("topCol", "column that gets the likeliest classes, if top is more than 0");
    layer = text("layer", "whose output is kept; empty: what the network's last layer reads");
    pooling = text("pooling", "average (a map becomes its channels' means) or flat");
    onBadImage = text("onBadImage", "null-with-reason or fail");
    device = text("device", "what computes: cpu");
    batchSize = number("batchSize", "images in one forward pass", 1);
    threads = number("threads", "threads of each task that decode", 1);
    top = number("top", "how many of the likeliest classes are kept", 0);
    setDefaults(settings());
  }

  private Param<String> text(String name, String meaning) {
    return new Param<>(this, name, meaning);
  }

  private IntParam number(String name, String meaning, int least) {
    return new IntParam(this, name, meaning, ParamValidators.gtEq(least));
  }

  private static Settings settings() {
    return new SettingsLoader().load(List.of(), List.of());
  }

  private void setDefaults(Settings settings) {
    setDefault(inputCol, "content");
    setDefault(outputCol, FEATURES);
    setDefault(reasonCol, "reason");
    setDefault(topCol, "top");
    setDefault(layer, settings.features().layer());
    setDefault(pooling, spelled(settings.features().pooling()));
    setDefault(onBadImage, spelled(settings.features().onBadImage()));
    setDefault(device, spelled(settings.features().device()));
    setDefault(batchSize, settings.evaluate().batch());
    setDefault(threads, settings.data().decodeThreads());
    setDefault(top, settings.features().top());
  }

  @Override
  public String uid() {
    return uid;
  }

  public Param<String> modelPath() {
    return modelPath;
  }

  public Param<String> inputCol() {
    return inputCol;
  }

  public Param<String> outputCol() {
    return outputCol;
  }

  public Param<String> reasonCol() {
    return reasonCol;
  }

  public Param<String> topCol() {
    return topCol;
  }

  public Param<String> layer() {
    return layer;
  }

  public Param<String> pooling() {
    return pooling;
  }

  public Param<String> onBadImage() {
    return onBadImage;
  }

  public Param<String> device() {
    return device;
  }

  public IntParam batchSize() {
    return batchSize;
  }

  public IntParam threads() {
    return threads;
  }

  public IntParam top() {
    return top;
  }

  /** A run's or a model's folder that all executors can read; a path as Spark resolves it. */
  public ImageFeatures setModelPath(String value) {
    set(modelPath, value);
    return this;
  }

  public ImageFeatures setInputCol(String value) {
    set(inputCol, value);
    return this;
  }

  public ImageFeatures setOutputCol(String value) {
    set(outputCol, value);
    return this;
  }

  public ImageFeatures setReasonCol(String value) {
    set(reasonCol, value);
    return this;
  }

  public ImageFeatures setTopCol(String value) {
    set(topCol, value);
    return this;
  }

  public ImageFeatures setLayer(String value) {
    set(layer, value);
    return this;
  }

  /**
   * @throws BellowsException (configuration) for anything but average and flat
   */
  public ImageFeatures setPooling(String value) {
    choice("pooling", value, Settings.Pooling.class);
    set(pooling, value);
    return this;
  }

  /**
   * @throws BellowsException (configuration) for anything but null-with-reason and fail
   */
  public ImageFeatures setOnBadImage(String value) {
    choice("onBadImage", value, Settings.OnBadImage.class);
    set(onBadImage, value);
    return this;
  }

  /**
   * @throws BellowsException (configuration) for anything but cpu
   */
  public ImageFeatures setDevice(String value) {
    choice("device", value, Settings.Device.class);
    set(device, value);
    return this;
  }

  public ImageFeatures setBatchSize(int value) {
    set(batchSize, value);
    return this;
  }

  public ImageFeatures setThreads(int value) {
    set(threads, value);
    return this;
  }

  public ImageFeatures setTop(int value) {
    set(top, value);
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
    Settings settings = settings();
    ExecutorNetworks.Model model =
        ExecutorNetworks.Model.read(hadoop, qualified(hadoop, givenModelPath()), settings);
    FeatureRequest request =
        FeatureRequest.of(
            model.card(),
            textOf(layer),
            choice("pooling", textOf(pooling), Settings.Pooling.class),
            numberOf(top));
    choice("device", textOf(device), Settings.Device.class);
    ImageRows.Reading reading =
        new ImageRows.Reading(
            numberOf(batchSize), numberOf(threads), settings.prepare().maxPixels());
    ImageRows rows = new ImageRows(model, request, reading, columns(), schema);
    return withMetadata(dataset.toDF().mapPartitions(rows, Encoders.row(result)), result);
  }

  /** What other stages noted on their columns is lost in an encoder. */
  private static Dataset<Row> withMetadata(Dataset<Row> rows, StructType schema) {
    Column[] columns = new Column[schema.length()];
    for (int i = 0; i < columns.length; i++) {
      String name = schema.apply(i).name();
      columns[i] =
          functions.col("`" + name.replace("`", "``") + "`").as(name, schema.apply(i).metadata());
    }
    return rows.select(columns);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return columns().added(schema);
  }

  private ImageColumns columns() {
    return new ImageColumns(
        textOf(inputCol),
        textOf(outputCol),
        textOf(reasonCol),
        numberOf(top) == 0 ? null : textOf(topCol),
        choice("onBadImage", textOf(onBadImage), Settings.OnBadImage.class));
  }

  private String givenModelPath() {
    if (!isDefined(modelPath)) {
      throw BellowsException.configuration("modelPath is not set");
    }
    return textOf(modelPath);
  }

  /** As Spark resolves a path: what has no scheme belongs to {@code fs.defaultFS}. */
  static String qualified(Configuration hadoop, String path) {
    Path given = new Path(path);
    try {
      return given.getFileSystem(hadoop).makeQualified(given).toString();
    } catch (IOException e) {
      throw Storage.failure("looking for the file system of " + path, e);
    }
  }

  @Override
  public ImageFeatures copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Writes the parameters and a copy of the model, so that what is read needs nothing else. */
  @Override
  public MLWriter write() {
    return new ImageFeaturesWriter(this);
  }

  /** What Spark ML calls to read a saved stage. */
  public static MLReader<ImageFeatures> read() {
    return new ImageFeaturesReader();
  }

  public static ImageFeatures load(String path) {
    return read().load(path);
  }

  String savedModelPath() {
    return givenModelPath();
  }

  /**
   * @throws BellowsException (data) when the model at modelPath has other parameters
   */
  public void requireParameters(Configuration hadoop, String sha256) {
    String actual =
        TrainedModel.read(hadoop, qualified(hadoop, givenModelPath())).card().parametersSha256();
    if (!actual.equals(sha256)) {
      throw BellowsException.data(
          "the model at %s has parameters %s, expected %s"
              .formatted(textOf(modelPath), actual, sha256));
    }
  }

  private String textOf(Param<String> param) {
    return getOrDefault(param);
  }

  private int numberOf(IntParam param) {
    return (Integer) getOrDefault(param);
  }

  private static String spelled(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static <E extends Enum<E>> E choice(String name, String value, Class<E> type) {
    StringBuilder allowed = new StringBuilder();
    for (E constant : type.getEnumConstants()) {
      if (spelled(constant).equals(value)) {
        return constant;
      }
      allowed.append(allowed.isEmpty() ? "" : ", ").append(spelled(constant));
    }
    throw BellowsException.configuration(
        "%s is \"%s\", allowed: %s".formatted(name, value, allowed));
  }
}
