// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLWriter;
import org.bellows.worker.model.TrainedModel;
import scala.Option;

/**
 * A stage's folder: Spark ML's {@code metadata}, and {@code model} as a run has it; of an
 * ensemble's other models {@code ensemble/1/model} and so on.
 */
final class ImageStageWriter extends MLWriter {
  private final ImageStageParameters stage;
  private List<TrainedModel> models;

  ImageStageWriter(ImageStageParameters stage) {
    this.stage = stage;
  }

  /** Reads the models before the target is removed: they may be in there. */
  @Override
  public void save(String path) throws IOException {
    models = stage.modelsToSave(sc().hadoopConfiguration());
    super.save(path);
  }

  @Override
  public void saveImpl(String path) {
    Configuration hadoop = sc().hadoopConfiguration();
    DefaultParamsWriter.saveMetadata(stage, path, sc(), Option.empty(), Option.empty());
    String folder = ImageStageParameters.qualified(hadoop, path);
    for (int i = 0; i < models.size(); i++) {
      models.get(i).write(hadoop, ImageStageParameters.savedPath(folder, i));
    }
  }
}
