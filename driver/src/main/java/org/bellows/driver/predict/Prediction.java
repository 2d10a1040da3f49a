// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.predict;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.LongAccumulator;
import org.bellows.conf.Settings;
import org.bellows.data.manifest.PixelClass;
import org.bellows.driver.picture.PartTask;

/** What {@code predict} does with pictures: models, and the files that their answers become. */
public sealed interface Prediction permits PixelPrediction, ImagePrediction {
  /** Of the command, with what the models say in place of defaults. */
  Settings settings();

  /** Of the models, by label. */
  List<String> classes();

  int picturesPerPart();

  /** Whether files are named after their picture, so that no two pictures may have one name. */
  boolean namesFilesAfterPictures();

  /**
   * On the driver: what an earlier run left in the output is removed.
   *
   * @param ofDataset the dataset's classes of pixels; empty: there is none
   * @param done counts pictures
   */
  PartTask<PicturePart> task(
      Configuration hadoop, List<PixelClass> ofDataset, LongAccumulator done);
}
