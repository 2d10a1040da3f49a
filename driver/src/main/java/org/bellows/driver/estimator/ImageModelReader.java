// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.MLReader;

/**
 * A saved model uses the network that was saved with it, wherever the folder is now, and keeps it
 * in the driver's memory (4 bytes a parameter), so that it can be saved onto the same folder.
 */
final class ImageModelReader<T extends Params> extends MLReader<T> {
  private final Class<T> type;
  private final Function<String, T> withUid;

  ImageModelReader(Class<T> type, Function<String, T> withUid) {
    this.type = type;
    this.withUid = withUid;
  }

  @Override
  public T load(String path) {
    DefaultParamsReader.Metadata metadata =
        DefaultParamsReader.loadMetadata(path, sc(), type.getName());
    T stage = withUid.apply(metadata.uid());
    metadata.getAndSetParams(stage, scala.Option.empty());
    if (stage instanceof ImageModel<?> model) {
      Configuration hadoop = sc().hadoopConfiguration();
      model.useSavedModel(hadoop, ImageFit.qualified(hadoop, path).toString());
    }
    return stage;
  }
}
