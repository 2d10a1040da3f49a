// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.TaskContext;
import org.apache.spark.util.LongAccumulator;
import org.bellows.conf.BellowsException;
import org.bellows.data.shard.EncodedSample;
import org.bellows.driver.spark.SharedByTasks;
import org.bellows.worker.features.FeatureNetwork;
import org.bellows.worker.features.FeatureRequest;
import org.bellows.worker.features.FeatureStream;
import org.bellows.worker.features.ImageFeature;

/**
 * Computes and writes one file of features. Runs in a task.
 *
 * @param failsOnBadImage else it gets a row without features
 * @param done counts images
 */
record ExtractTask(
    ExecutorNetworks.Model model,
    FeatureRequest request,
    FeatureStream.Limits limits,
    FeatureFile.Format format,
    boolean failsOnBadImage,
    LongAccumulator done)
    implements Serializable {
  private static final int MOST_SHOWN = 5;

  /**
   * An image before it is read.
   *
   * @param sample reads and checks it
   */
  record Image(
      long id,
      String split,
      String source,
      Integer label,
      String className,
      Supplier<EncodedSample> sample) {
    FeatureRow with(ImageFeature feature) {
      return new FeatureRow(id, split, source, label, className, feature);
    }
  }

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
  Part write(int number, Iterator<Image> images) {
    String attempt = Long.toString(TaskContext.get().taskAttemptId());
    try (SharedByTasks<FeatureNetwork>.Lease lease = ExecutorNetworks.lease(model);
        FeatureStream<Image> stream =
            new FeatureStream<>(
                images, image -> image.sample().get(), lease.value(), request, limits);
        FeatureFile file = new FeatureFile(model.hadoop().value(), format, number, attempt)) {
      return write(number, stream, file);
    } catch (IOException | FSError e) {
      throw FeatureFile.failure(format.file(number), e);
    }
  }

  private Part write(int number, FeatureStream<Image> stream, FeatureFile file) throws IOException {
    long images = 0;
    long refused = 0;
    int length = 0;
    List<String> firstRefused = new ArrayList<>();
    while (stream.hasNext()) {
      FeatureStream.Result<Image> result = stream.next();
      ImageFeature feature = result.feature();
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
      file.write(result.item().with(feature));
      images++;
      done.add(1);
    }
    return new Part(number, images, refused, length, firstRefused, file.finish());
  }
}
