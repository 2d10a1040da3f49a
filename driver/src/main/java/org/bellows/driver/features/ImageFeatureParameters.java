// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.bellows.conf.BellowsException;
import org.bellows.conf.PublicApi;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;

/**
 * The parameters of {@link ImageFeatures}. Spark ML finds parameters by the public methods that
 * return them, and wants to be given an instance by its own identifier.
 */
@PublicApi
public abstract class ImageFeatureParameters extends Transformer {
  private static final long serialVersionUID = 1L;

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

  ImageFeatureParameters(String uid) {
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

  static Settings settings() {
    return new SettingsLoader().load(List.of(), List.of());
  }

  private void setDefaults(Settings settings) {
    setDefault(inputCol, "content");
    setDefault(outputCol, "features");
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

  String textOf(Param<String> param) {
    return getOrDefault(param);
  }

  int numberOf(IntParam param) {
    return (Integer) getOrDefault(param);
  }

  private static String spelled(Enum<?> constant) {
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
}
