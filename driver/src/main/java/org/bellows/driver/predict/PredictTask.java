// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.LongAccumulator;
import org.bellows.driver.spark.SharedByTasks;
import org.bellows.worker.predict.PixelPredictor;

/**
 * Predicts some pictures in a task.
 *
 * @param done counts pictures
 */
record PredictTask(PredictModel model, PictureFiles files, LongAccumulator done)
    implements Serializable {
  Configuration hadoop() {
    return model.hadoop().value();
  }

  PicturePart run(int number, Iterator<PictureInput> pictures) {
    try (SharedByTasks<PixelPredictor>.Lease lease = model.lease()) {
      PartPrediction part =
          new PartPrediction(
              hadoop(), lease.value(), files, model.settings().data().decodeThreads());
      return part.run(number, pictures, line -> done.add(1));
    }
  }
}
