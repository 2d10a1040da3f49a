// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLWriter;
import org.bellows.worker.model.TrainedModel;
import scala.Option;

/** A stage's folder: Spark ML's {@code metadata}, and {@code model} as a run has it. */
final class ImageStageWriter extends MLWriter {
  private final ImageStageParameters stage;
  private TrainedModel model;

  ImageStageWriter(ImageStageParameters stage) {
    this.stage = stage;
  }

  /** Reads the model before the target is removed: it may be in there. */
  @Override
  public void save(String path) throws IOException {
    model = stage.modelToSave(sc().hadoopConfiguration());
    super.save(path);
  }

  @Override
  public void saveImpl(String path) {
    Configuration hadoop = sc().hadoopConfiguration();
    DefaultParamsWriter.saveMetadata(stage, path, sc(), Option.empty(), Option.empty());
    model.write(hadoop, ImageStageParameters.qualified(hadoop, path));
  }
}
