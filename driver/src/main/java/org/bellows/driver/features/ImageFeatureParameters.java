// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.bellows.conf.PublicApi;
import org.bellows.conf.Settings;

/** The parameters of {@link ImageFeatures}. */
@PublicApi
public abstract class ImageFeatureParameters extends ImageStageParameters {
  private static final long serialVersionUID = 1L;

  private final Param<String> topCol;
  private final Param<String> layer;
  private final Param<String> pooling;
  private final Param<String> device;
  private final Param<String> engine;
  private final Param<String> precision;
  private final Param<String> convolutions;
  private final IntParam batchSize;
  private final IntParam top;

  ImageFeatureParameters(String uid) {
    super(uid, "features", "the features, an ML vector");
    topCol = text("topCol", "column that gets the likeliest classes, if top is more than 0");
    layer = text("layer", "whose output is kept; empty: what the network's last layer reads");
    pooling = text("pooling", "average (a map becomes its channels' means) or flat");
    device = text("device", "what computes: cpu or gpu");
    engine = text("engine", "engine that computes: onednn, dl4j, torch or that of another jar");
    precision = text("precision", "number format of maps and weights: float32, tf32 or bfloat16");
    convolutions = text("convolutions", "algorithm of convolutions: direct or winograd");
    batchSize = number("batchSize", "images in one forward pass", 1);
    top = number("top", "how many of the likeliest classes are kept", 0);
    Settings settings = reference();
    setDefault(topCol, "top");
    setDefault(layer, settings.features().layer());
    setDefault(pooling, spelled(settings.features().pooling()));
    setDefault(device, spelled(settings.evaluate().device()));
    setDefault(engine, settings.evaluate().stepEngine());
    setDefault(precision, spelled(settings.evaluate().precision()));
    setDefault(convolutions, spelled(settings.evaluate().convolutions()));
    setDefault(batchSize, settings.evaluate().batch());
    setDefault(top, settings.features().top());
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

  public Param<String> device() {
    return device;
  }

  public Param<String> engine() {
    return engine;
  }

  public Param<String> precision() {
    return precision;
  }

  public Param<String> convolutions() {
    return convolutions;
  }

  public IntParam batchSize() {
    return batchSize;
  }

  public IntParam top() {
    return top;
  }
}
