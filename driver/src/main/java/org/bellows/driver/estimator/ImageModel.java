// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.bellows.conf.BellowsException;
import org.bellows.conf.PublicApi;
import org.bellows.conf.Settings;
import org.bellows.conf.Settings.OnBadImage;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.worker.model.TrainedModel;

/**
 * What models of images have in common. A model reads its network from {@code modelPath}, which is
 * the run's folder until the model is saved, and the folder of the saved model from then on.
 *
 * @param <M> the model
 */
@PublicApi
public abstract class ImageModel<M extends ImageModel<M>> extends Model<M> implements MLWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final Param<String> modelPath;
  private final Param<String> inputCol;
  private final Param<String> reasonCol;
  private final Param<String> onBadImage;
  private final IntParam threads;

  /** Kept where it was loaded, so that the model can be saved onto its own folder; else null. */
  private transient TrainedModel held;

  private transient Map<String, Object> summary = Map.of();

  ImageModel(String uid) {
    this.uid = uid;
    modelPath = text("modelPath", "folder of the trained model or of its run; a Hadoop path");
    inputCol = text("inputCol", "column of encoded images (binary) or of paths (string)");
    reasonCol = text("reasonCol", "column that gets the reason where there is no answer");
    onBadImage = text("onBadImage", "null-with-reason or fail");
    threads = number("threads", "threads of each task that decode");
    Settings reference = reference();
    setDefault(inputCol, "content");
    setDefault(reasonCol, "reason");
    setDefault(onBadImage, spelled(reference.features().onBadImage()));
    setDefault(threads, reference.data().decodeThreads());
  }

  Param<String> text(String name, String meaning) {
    return new Param<>(this, name, meaning);
  }

  IntParam number(String name, String meaning) {
    return new IntParam(this, name, meaning, ParamValidators.gtEq(1));
  }

  /** The settings whose values are the defaults. */
  static Settings reference() {
    return new SettingsLoader().load(List.of(), List.of());
  }

  abstract M self();

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

  public Param<String> reasonCol() {
    return reasonCol;
  }

  public Param<String> onBadImage() {
    return onBadImage;
  }

  public IntParam threads() {
    return threads;
  }

  public M setInputCol(String value) {
    set(inputCol, value);
    return self();
  }

  public M setReasonCol(String value) {
    set(reasonCol, value);
    return self();
  }

  /**
   * @throws BellowsException (configuration) for anything but null-with-reason and fail
   */
  public M setOnBadImage(String value) {
    badImages(value);
    set(onBadImage, value);
    return self();
  }

  public M setThreads(int value) {
    set(threads, value);
    return self();
  }

  /**
   * The figures of the training's {@code result.json}, such as {@code top1} and {@code
   * parameters-sha256}; empty where the model was loaded.
   */
  public Map<String, Object> summary() {
    return summary;
  }

  /** The folder of its network: the run's, with its report, until it is saved and loaded. */
  public String path() {
    return textOf(modelPath);
  }

  M trainedBy(ImageFit.Fitted fit) {
    set(modelPath, fit.runPath());
    summary = fit.metrics();
    return self();
  }

  M copied(ParamMap extra) {
    M copy = defaultCopy(extra);
    ImageModel<M> ours = copy;
    ours.held = held;
    ours.summary = summary;
    copy.setParent(parent());
    return copy;
  }

  String textOf(Param<String> param) {
    return getOrDefault(param);
  }

  int numberOf(IntParam param) {
    return (Integer) getOrDefault(param);
  }

  OnBadImage onBadImages() {
    return badImages(textOf(onBadImage));
  }

  static String spelled(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static OnBadImage badImages(String value) {
    for (OnBadImage known : OnBadImage.values()) {
      if (spelled(known).equals(value)) {
        return known;
      }
    }
    throw BellowsException.configuration(
        "onBadImage is \"%s\", allowed: null-with-reason, fail".formatted(value));
  }

  String qualifiedModelPath(Configuration hadoop) {
    if (!isDefined(modelPath)) {
      throw BellowsException.configuration("modelPath is not set");
    }
    return ImageFit.qualified(hadoop, textOf(modelPath)).toString();
  }

  TrainedModel modelToSave(Configuration hadoop) {
    return held == null ? TrainedModel.read(hadoop, qualifiedModelPath(hadoop)) : held;
  }

  void useSavedModel(Configuration hadoop, String folder) {
    set(modelPath, folder);
    held = TrainedModel.read(hadoop, folder);
  }

  /** Writes the parameters and a copy of the network, so that what is read needs nothing else. */
  @Override
  public MLWriter write() {
    return new ImageModelWriter(this);
  }
}
