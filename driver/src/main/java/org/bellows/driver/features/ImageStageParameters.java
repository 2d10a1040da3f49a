// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.bellows.conf.BellowsException;
import org.bellows.conf.PublicApi;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.data.storage.Storage;
import org.bellows.worker.model.TrainedModel;

/**
 * The parameters that stages with a trained model have in common, and the models that are saved
 * with them. Spark ML finds parameters by the public methods that return them, and wants to be
 * given an instance by its own identifier.
 */
@PublicApi
public abstract class ImageStageParameters extends Transformer {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final Param<String> modelPath;
  private final Param<String> inputCol;
  private final Param<String> outputCol;
  private final Param<String> reasonCol;
  private final Param<String> onBadImage;
  private final IntParam threads;

  /**
   * Models by the path where they were read, so that the stage can be saved onto its own folder;
   * null: they are read when it is saved.
   */
  private transient Map<String, TrainedModel> held;

  /**
   * @param output what {@code outputCol} gets, and its default
   */
  ImageStageParameters(String uid, String output, String meaning) {
    this.uid = uid;
    modelPath = text("modelPath", "folder of a trained model or of its run; a Hadoop path");
    inputCol = text("inputCol", "column of encoded images (binary) or of paths (string)");
    outputCol = text("outputCol", "column that gets " + meaning);
    reasonCol = text("reasonCol", "column that gets the reason where there is no result");
    onBadImage = text("onBadImage", "null-with-reason or fail");
    threads = number("threads", "threads of each task that decode", 1);
    Settings settings = reference();
    setDefault(inputCol, "content");
    setDefault(outputCol, output);
    setDefault(reasonCol, "reason");
    setDefault(onBadImage, spelled(settings.features().onBadImage()));
    setDefault(threads, settings.data().decodeThreads());
  }

  Param<String> text(String name, String meaning) {
    return new Param<>(this, name, meaning);
  }

  IntParam number(String name, String meaning, int least) {
    return new IntParam(this, name, meaning, ParamValidators.gtEq(least));
  }

  /** The settings whose values are the defaults. */
  static Settings reference() {
    return new SettingsLoader().load(List.of(), List.of());
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

  public Param<String> onBadImage() {
    return onBadImage;
  }

  public IntParam threads() {
    return threads;
  }

  String textOf(Param<String> param) {
    return getOrDefault(param);
  }

  int numberOf(IntParam param) {
    return (Integer) getOrDefault(param);
  }

  static String spelled(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static <E extends Enum<E>> E choice(String name, String value, Class<E> type) {
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

  /** The model's folder as all executors can read it. */
  String qualifiedModelPath(Configuration hadoop) {
    if (!isDefined(modelPath())) {
      throw BellowsException.configuration("modelPath is not set");
    }
    return qualified(hadoop, textOf(modelPath()));
  }

  /** The folders of all models that answer together. */
  List<String> qualifiedModelPaths(Configuration hadoop) {
    return List.of(qualifiedModelPath(hadoop));
  }

  /** The stage uses the models that were saved with it in this folder. */
  void useSavedModels(String folder) {
    set(modelPath(), folder);
  }

  /** Where a model is saved, the first at 0. */
  static String savedPath(String folder, int model) {
    return model == 0 ? folder : folder + "/ensemble/" + model;
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

  /**
   * Keeps the models in this process. Spark removes the target of a pipeline before it calls the
   * stages, and the models may be in there.
   *
   * @return the model at modelPath
   * @throws BellowsException (data) when there is no model or it is damaged
   */
  TrainedModel hold(Configuration hadoop) {
    Map<String, TrainedModel> models = new LinkedHashMap<>();
    for (String path : qualifiedModelPaths(hadoop)) {
      models.put(path, TrainedModel.read(hadoop, path));
    }
    held = models;
    return models.get(qualifiedModelPath(hadoop));
  }

  /** What the other holds. */
  void holdAs(ImageStageParameters other) {
    held = other.held;
  }

  /** The models that are saved with the stage, that at modelPath first. */
  List<TrainedModel> modelsToSave(Configuration hadoop) {
    List<TrainedModel> models = new ArrayList<>();
    for (String path : qualifiedModelPaths(hadoop)) {
      boolean isHeld = held != null && held.containsKey(path);
      models.add(isHeld ? held.get(path) : TrainedModel.read(hadoop, path));
    }
    return models;
  }
}
