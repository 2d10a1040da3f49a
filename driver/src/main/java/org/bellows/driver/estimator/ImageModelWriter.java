// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLWriter;
import org.bellows.worker.model.TrainedModel;
import scala.Option;

/** A model's folder: Spark ML's {@code metadata}, and {@code model} as a run has it. */
final class ImageModelWriter extends MLWriter {
  private final ImageModel<?> model;
  private TrainedModel network;

  ImageModelWriter(ImageModel<?> model) {
    this.model = model;
  }

  /** Reads the network before the target is removed: it may be in there. */
  @Override
  public void save(String path) throws IOException {
    network = model.modelToSave(sc().hadoopConfiguration());
    super.save(path);
  }

  @Override
  public void saveImpl(String path) {
    Configuration hadoop = sc().hadoopConfiguration();
    if (network == null) {
      // A pipeline calls this method alone.
      network = model.modelToSave(hadoop);
    }
    DefaultParamsWriter.saveMetadata(model, path, sc(), Option.empty(), Option.empty());
    network.write(hadoop, ImageFit.qualified(hadoop, path).toString());
  }
}
