// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import java.util.UUID;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.bellows.conf.PublicApi;
import org.bellows.driver.features.ImageLabelMaps;
import org.bellows.driver.frame.FrameSource;

/**
 * Trains a network that says a class of each pixel. For Spark ML pipelines, from Java, Scala or
 * Python, in a session that was started with {@link SessionSettings}.
 *
 * <pre>
 * ImageSegmenterModel model =
 *     new ImageSegmenter()
 *         .setNetwork("unet-8")
 *         .setWorkPath("hdfs:///work")
 *         .setSettings(new String[] {"source.pixel-classes=[background, cell]", "source.mask-values=[0, 255]"})
 *         .fit(images);
 * </pre>
 *
 * <p>{@code maskCol} holds encoded masks or paths of masks' files; what their values mean is said
 * by settings, as for {@code prepare}.
 */
@PublicApi
public final class ImageSegmenter extends ImageEstimator<ImageSegmenter, ImageSegmenterModel> {
  private static final long serialVersionUID = 1L;

  private final Param<String> maskCol =
      text("maskCol", "column of encoded masks (binary) or of their paths (string)");
  private final Param<String> predictionCol =
      text("predictionCol", "column that gets the label of each pixel, a struct");

  public ImageSegmenter() {
    this("image-segmenter-" + UUID.randomUUID().toString().substring(0, 12));
  }

  /** As Spark ML makes stages that it reads. */
  public ImageSegmenter(String uid) {
    super(uid);
    setDefault(maskCol, "mask");
    setDefault(predictionCol, "prediction");
  }

  @Override
  ImageSegmenter self() {
    return this;
  }

  public Param<String> maskCol() {
    return maskCol;
  }

  public Param<String> predictionCol() {
    return predictionCol;
  }

  public ImageSegmenter setMaskCol(String value) {
    set(maskCol, value);
    return this;
  }

  public ImageSegmenter setPredictionCol(String value) {
    set(predictionCol, value);
    return this;
  }

  /**
   * @throws org.bellows.conf.BellowsException configuration, before any Spark job and with all that
   *     is wrong: settings, the session, columns; data: images or masks that cannot be used;
   *     infrastructure: executors are lost. A fit that failed resumes from where it was when it is
   *     called again
   */
  @Override
  public ImageSegmenterModel fit(Dataset<?> dataset) {
    ImageFit fit =
        ImageFit.checked(dataset, fitSettings(false), () -> requireColumns(dataset.schema()));
    ImageFit.Fitted fitted =
        fit.run(columns(dataset, textOf(maskCol), "mask"), given(reportPath()));
    ImageSegmenterModel model = copyValues(new ImageSegmenterModel(uid()), extractParamMap());
    return model.trainedBy(fitted).setParent(this);
  }

  private void requireColumns(StructType schema) {
    FrameSource.requireMasks(field(schema, textOf(maskCol)), ImageFit.PLACE);
    requireIndicator(schema);
    stage().transformSchema(schema);
  }

  /** What the model will add, but for the column of reasons, which is the model's own. */
  private ImageLabelMaps stage() {
    return new ImageLabelMaps()
        .setInputCol(textOf(inputCol()))
        .setOutputCol(textOf(predictionCol))
        .setOnBadImage("fail");
  }

  @Override
  public StructType transformSchema(StructType schema) {
    requireColumns(schema);
    return stage().transformSchema(schema);
  }

  @Override
  public ImageSegmenter copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** The method that Spark ML calls to read a saved stage. */
  public static MLReader<ImageSegmenter> read() {
    return new ImageModelReader<>(ImageSegmenter.class, ImageSegmenter::new);
  }

  public static ImageSegmenter load(String path) {
    return read().load(path);
  }
}
