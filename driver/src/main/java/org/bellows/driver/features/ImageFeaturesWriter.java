package org.bellows.driver.features;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLWriter;
import org.bellows.worker.model.TrainedModel;
import scala.Option;

/** A stage's folder: Spark ML's {@code metadata}, and {@code model} as a run has it. */
final class ImageFeaturesWriter extends MLWriter {
  private final ImageFeatures stage;

  ImageFeaturesWriter(ImageFeatures stage) {
    this.stage = stage;
  }

  @Override
  public void saveImpl(String path) {
    Configuration hadoop = sc().hadoopConfiguration();
    TrainedModel model =
        TrainedModel.read(hadoop, ImageFeatures.qualified(hadoop, stage.savedModelPath()));
    DefaultParamsWriter.saveMetadata(stage, path, sc(), Option.empty(), Option.empty());
    model.write(hadoop, ImageFeatures.qualified(hadoop, path));
  }
}
