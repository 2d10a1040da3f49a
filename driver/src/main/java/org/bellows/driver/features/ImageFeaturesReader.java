// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;

/**
 * The stage uses the model that was saved with it, wherever the folder is now, and keeps it in the
 * driver's memory (4 bytes a parameter), so that it can be saved onto the same folder.
 */
final class ImageFeaturesReader extends MLReader<ImageFeatures> {
  @Override
  public ImageFeatures load(String path) {
    DefaultParamsReader.Metadata metadata =
        DefaultParamsReader.loadMetadata(path, sc(), ImageFeatures.class.getName());
    ImageFeatures stage = new ImageFeatures(metadata.uid());
    metadata.getAndSetParams(stage, scala.Option.empty());
    return stage
        .setModelPath(ImageFeatures.qualified(sc().hadoopConfiguration(), path))
        .hold(sc().hadoopConfiguration());
  }
}
