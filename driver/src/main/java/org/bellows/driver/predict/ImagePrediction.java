// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.LongAccumulator;
import org.bellows.conf.Settings;
import org.bellows.data.manifest.PixelClass;
import org.bellows.driver.evaluate.LabelThresholds;
import org.bellows.driver.picture.PartTask;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.model.TrainedEnsemble;
import org.bellows.worker.predict.PictureStream;

/** A class of each picture becomes rows of Parquet, CSV or JSON. */
public record ImagePrediction(ClassModel model, Settings settings) implements Prediction {

  /**
   * On the driver, before the job.
   *
   * @param paths of models' or runs' folders, that all executors can read
   * @param trained what is there
   */
  public static ImagePrediction of(
      Configuration hadoop, List<String> paths, TrainedEnsemble trained, Settings settings) {
    return new ImagePrediction(
        new ClassModel(
            JobModels.of(hadoop, paths, trained),
            trained.card().classes(),
            settings.augment(),
            EngineRequest.of(settings.evaluate()),
            settings.predict().top(),
            LabelThresholds.of(trained, settings.evaluate())),
        settings);
  }

  @Override
  public List<String> classes() {
    return model.classes();
  }

  @Override
  public int picturesPerPart() {
    return settings.predict().imagesPerFile();
  }

  @Override
  public boolean namesFilesAfterPictures() {
    return false;
  }

  @Override
  public PartTask<PicturePart> task(
      Configuration hadoop, List<PixelClass> ofDataset, LongAccumulator done) {
    PredictionFiles files =
        PredictionFiles.of(settings, model.classes(), !model.thresholds().isEmpty());
    files.removeOld(hadoop);
    return new ClassTask(
        model,
        files,
        new PictureStream.Limits(
            settings.evaluate().batch(),
            settings.data().decodeThreads(),
            settings.data().prefetchBatches()),
        done);
  }
}
