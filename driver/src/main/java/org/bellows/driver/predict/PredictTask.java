// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.util.Iterator;
import org.apache.spark.util.LongAccumulator;
import org.bellows.driver.picture.PartTask;
import org.bellows.driver.picture.Picture;
import org.bellows.driver.spark.SharedByTasks;
import org.bellows.worker.predict.PixelPredictor;

/**
 * Predicts some pictures in a task.
 *
 * @param done counts pictures
 */
record PredictTask(PredictModel model, PictureFiles files, LongAccumulator done)
    implements PartTask<PicturePart> {

  @Override
  public PicturePart run(int number, Iterator<Picture> pictures) {
    try (SharedByTasks<PixelPredictor>.Lease lease = model.lease()) {
      PartPrediction part =
          new PartPrediction(
              model.hadoop(), lease.value(), files, model.settings().data().decodeThreads());
      return part.run(number, named(pictures), line -> done.add(1));
    }
  }

  private static Iterator<PictureInput> named(Iterator<Picture> pictures) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return pictures.hasNext();
      }

      @Override
      public PictureInput next() {
        Picture picture = pictures.next();
        return new PictureInput(
            picture.id(), picture.source(), PictureNames.of(picture.source()), picture.sample());
      }
    };
  }
}
