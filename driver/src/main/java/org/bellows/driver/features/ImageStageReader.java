// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.util.function.Function;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;

/**
 * The stage uses the models that were saved with it, wherever the folder is now, and keeps them in
 * the driver's memory (4 bytes a parameter), so that it can be saved onto the same folder.
 */
final class ImageStageReader<T extends ImageStageParameters> extends MLReader<T> {
  private final Class<T> type;
  private final Function<String, T> withUid;

  ImageStageReader(Class<T> type, Function<String, T> withUid) {
    this.type = type;
    this.withUid = withUid;
  }

  @Override
  public T load(String path) {
    DefaultParamsReader.Metadata metadata =
        DefaultParamsReader.loadMetadata(path, sc(), type.getName());
    T stage = withUid.apply(metadata.uid());
    metadata.getAndSetParams(stage, scala.Option.empty());
    stage.useSavedModels(ImageStageParameters.qualified(sc().hadoopConfiguration(), path));
    stage.hold(sc().hadoopConfiguration());
    return stage;
  }
}
