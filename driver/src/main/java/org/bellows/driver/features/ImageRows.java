// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;
import org.bellows.conf.BellowsException;
import org.bellows.driver.spark.SharedByTasks;
import org.bellows.worker.features.FeatureNetwork;
import org.bellows.worker.features.FeatureRequest;
import org.bellows.worker.features.ImageFeature;
import org.bellows.worker.predict.PictureStream;

/** A partition's rows in, the same rows with features out. Runs in a task. */
final class ImageRows implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final ExecutorNetworks.Model model;
  private final FeatureRequest request;
  private final Reading reading;
  private final ImageColumns columns;
  private final RowImages.Place place;

  /**
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
   * @param schema of the rows that come in
   */
  ImageRows(
      ExecutorNetworks.Model model,
      FeatureRequest request,
      Reading reading,
      ImageColumns columns,
      StructType schema) {
    this.model = model;
    this.request = request;
    this.reading = reading;
    this.columns = columns;
    this.place = RowImages.Place.of(columns, schema);
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
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
        return row(stream.next());
      }
    };
  }

  private Row row(PictureStream.Result<RowImages.Numbered, ImageFeature> result) {
    ImageFeature feature = result.answer();
    if (feature.refusal() != null && !columns.keepsBadImages()) {
      throw BellowsException.data("image " + place.name(result.item()) + " " + feature.refusal());
    }
    Row before = result.item().row();
    List<Object> values = new ArrayList<>(before.size() + 3);
    for (int i = 0; i < before.size(); i++) {
      values.add(before.get(i));
    }
    values.add(feature.values() == null ? null : Vectors.dense(doubles(feature.values())));
    if (columns.top() != null) {
      values.add(feature.values() == null ? null : classes(feature));
    }
    if (columns.keepsBadImages()) {
      values.add(feature.refusal());
    }
    return RowFactory.create(values.toArray());
  }

  /** An array: Spark's rows hold no list of Java's. */
  private Row[] classes(ImageFeature feature) {
    Row[] classes = new Row[feature.top().length];
    for (int rank = 0; rank < classes.length; rank++) {
      String name = model.card().classes().get(feature.top()[rank]);
      classes[rank] = RowFactory.create(name, (double) feature.probabilities()[rank]);
    }
    return classes;
  }

  static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
