// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.bellows.worker.features.FeatureRequest;
import org.bellows.worker.features.ImageFeature;
import org.bellows.worker.predict.PictureStream;

/** A partition's rows in, the same rows with features out. Runs in a task. */
final class ImageRows implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final ExecutorNetworks.Model model;
  private final RowStream stream;
  private final ImageColumns columns;

  /**
   * @param schema of the rows that come in
   */
  ImageRows(
      ExecutorNetworks.Model model,
      FeatureRequest request,
      RowStream.Reading reading,
      ImageColumns columns,
      StructType schema) {
    this.model = model;
    this.columns = columns;
    this.stream = new RowStream(model, request, reading, RowImages.Place.of(columns, schema));
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    return stream.over(rows, this::row);
  }

  private Row row(PictureStream.Result<RowImages.Numbered, ImageFeature> result) {
    ImageFeature feature = result.answer();
    if (feature.refusal() != null && !columns.keepsBadImages()) {
      throw stream.refused(result.item(), feature.refusal());
    }
    List<Object> values = RowStream.values(result);
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
