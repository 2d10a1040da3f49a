// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.TaskContext;
import org.apache.spark.util.LongAccumulator;
import org.bellows.conf.BellowsException;
import org.bellows.driver.picture.PartFile;
import org.bellows.driver.picture.PartTask;
import org.bellows.driver.picture.Picture;
import org.bellows.driver.spark.SharedByTasks;
import org.bellows.worker.features.FeatureNetwork;
import org.bellows.worker.features.FeatureRequest;
import org.bellows.worker.features.ImageFeature;
import org.bellows.worker.predict.PictureStream;

/**
 * Computes and writes one file of features. Runs in a task.
 *
 * @param failsOnBadImage else it gets a row without features
 * @param done counts images
 */
record ExtractTask(
    ExecutorNetworks.Model model,
    FeatureRequest request,
    PictureStream.Limits limits,
    FeatureFiles files,
    boolean failsOnBadImage,
    LongAccumulator done)
    implements PartTask<ExtractTask.Part> {
  private static final int MOST_SHOWN = 5;

  /**
   * The content of a file.
   *
   * @param length of the features; 0 when all images were refused
   * @param firstRefused a few: source and reason
   */
  record Part(
      int number, long images, long refused, int length, List<String> firstRefused, String sha256)
      implements Serializable {}

  /**
   * @param number of the file
   * @throws BellowsException (data) naming a bad image where one fails the job
   */
  @Override
  public Part run(int number, Iterator<Picture> images) {
    String attempt = Long.toString(TaskContext.get().taskAttemptId());
    try (SharedByTasks<FeatureNetwork>.Lease lease = ExecutorNetworks.lease(model);
        PictureStream<Picture, ImageFeature> stream =
            new PictureStream<>(
                images, image -> image.sample().get(), lease.value().answering(request), limits);
        PartFile<FeatureRow> file = files.open(model.hadoop().value(), number, attempt)) {
      return write(number, stream, file);
    } catch (IOException | FSError e) {
      throw PartFile.failure(files.file(number), e);
    }
  }

  private Part write(
      int number, PictureStream<Picture, ImageFeature> stream, PartFile<FeatureRow> file)
      throws IOException {
    long images = 0;
    long refused = 0;
    int length = 0;
    List<String> firstRefused = new ArrayList<>();
    while (stream.hasNext()) {
      PictureStream.Result<Picture, ImageFeature> result = stream.next();
      ImageFeature feature = result.answer();
      if (feature.refusal() != null) {
        String what = "image " + result.item().source() + " " + feature.refusal();
        if (failsOnBadImage) {
          throw BellowsException.data(what + " (features.on-bad-image = fail)");
        }
        refused++;
        if (firstRefused.size() < MOST_SHOWN) {
          firstRefused.add(what);
        }
      } else {
        length = feature.values().length;
      }
      file.write(FeatureRow.of(result.item(), feature));
      images++;
      done.add(1);
    }
    return new Part(number, images, refused, length, firstRefused, file.finish());
  }
}
