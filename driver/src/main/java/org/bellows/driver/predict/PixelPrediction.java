// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.LongAccumulator;
import org.bellows.conf.Settings;
import org.bellows.data.manifest.PixelClass;
import org.bellows.driver.picture.PartTask;

/** A class of each pixel becomes label maps, and lines about the pictures. */
public record PixelPrediction(PredictModel model) implements Prediction {
  @Override
  public Settings settings() {
    return model.settings();
  }

  @Override
  public List<String> classes() {
    return model.classes();
  }

  @Override
  public int picturesPerPart() {
    return model.settings().predict().picturesPerPart();
  }

  @Override
  public boolean namesFilesAfterPictures() {
    return true;
  }

  @Override
  public PartTask<PicturePart> task(
      Configuration hadoop, List<PixelClass> ofDataset, LongAccumulator done) {
    PictureFiles files = PictureFiles.of(hadoop, model.settings(), classes(), ofDataset);
    files.removeOld(hadoop);
    return new PredictTask(model, files, done);
  }
}
