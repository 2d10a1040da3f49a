// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;
import org.bellows.conf.BellowsException;
import org.bellows.driver.spark.SharedByTasks;
import org.bellows.worker.features.FeatureNetwork;
import org.bellows.worker.features.FeatureRequest;
import org.bellows.worker.features.ImageFeature;
import org.bellows.worker.predict.PictureStream;

/**
 * The rows of a partition through a network that the tasks of an executor share.
 *
 * @param request what is computed of each image
 * @param place of the image in a row
 */
record RowStream(
    ExecutorNetworks.Model model, FeatureRequest request, Reading reading, RowImages.Place place)
    implements Serializable {

  /**
   * How images are read and computed.
   *
   * @param batchImages in one forward pass
   * @param threads that decode, in each task
   * @param maxPixels images with more are refused
   */
  record Reading(int batchImages, int threads, long maxPixels) implements Serializable {
    /** One batch computes, one waits, and each thread decodes one. */
    PictureStream.Limits limits() {
      return new PictureStream.Limits(batchImages, threads, threads + 2);
    }
  }

  /**
   * In a task, whose end releases the network.
   *
   * @param row what becomes of a row and the answer to its image
   */
  Iterator<Row> over(
      Iterator<Row> rows,
      Function<PictureStream.Result<RowImages.Numbered, ImageFeature>, Row> row) {
    if (!rows.hasNext()) {
      return rows;
    }
    SharedByTasks<FeatureNetwork>.Lease lease = ExecutorNetworks.lease(model);
    RowImages images = new RowImages(model.hadoop().value(), place, reading.maxPixels());
    PictureStream<RowImages.Numbered, ImageFeature> stream =
        new PictureStream<>(
            RowImages.numbered(rows),
            images::read,
            lease.value().answering(request),
            reading.limits());
    // Also if the last row is never requested: a limit, a failure.
    TaskCompletionListener closing =
        context -> {
          stream.close();
          lease.close();
          images.close();
        };
    TaskContext.get().addTaskCompletionListener(closing);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return stream.hasNext();
      }

      @Override
      public Row next() {
        return row.apply(stream.next());
      }
    };
  }

  /** The values of a row, to which others are added. */
  static List<Object> values(PictureStream.Result<RowImages.Numbered, ImageFeature> result) {
    Row before = result.item().row();
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      values.add(before.get(i));
    }
    return values;
  }

  /**
   * @param reason why a row has no answer
   * @return a failure that names the image
   */
  BellowsException refused(RowImages.Numbered row, String reason) {
    return BellowsException.data("image " + place.name(row) + " " + reason);
  }
}
