// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.evaluate.Ranking;
import org.bellows.worker.features.FeatureRequest;
import org.bellows.worker.features.ImageFeature;
import org.bellows.worker.predict.PictureStream;

/** A partition's rows in, the same rows with the network's classes out. Runs in a task. */
public final class ClassRows implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;
  private static final String NOT_FINITE = "has an answer that is not finite (NaN or infinite)";

  private final ExecutorNetworks.Model model;
  private final RowStream stream;
  private final ClassColumns columns;

  private ClassRows(
      ExecutorNetworks.Model model,
      RowStream.Reading reading,
      ClassColumns columns,
      StructType schema) {
    this.model = model;
    this.columns = columns;
    this.stream =
        new RowStream(
            model,
            FeatureRequest.ofProbabilities(model.card()),
            reading,
            RowImages.Place.of(columns.images(), schema));
  }

  /**
   * Adds the columns, lazily.
   *
   * @param modelPath that all executors can read
   * @param settings whose {@code evaluate.batch}, {@code evaluate.precision}, {@code
   *     evaluate.convolutions}, {@code data.decode-threads} and {@code prepare.max-pixels} are used
   * @throws BellowsException data, when there is no model or it is damaged; configuration, for
   *     unfit columns or a network that says a class of each pixel
   */
  public static Dataset<Row> add(
      Dataset<?> rows, String modelPath, Settings settings, ClassColumns columns) {
    StructType schema = rows.schema();
    columns.added(schema, List.of());
    Configuration hadoop = rows.sparkSession().sparkContext().hadoopConfiguration();
    ExecutorNetworks.Model model =
        ExecutorNetworks.Model.read(
            hadoop, modelPath, settings, EngineRequest.of(settings.evaluate()));
    StructType result = columns.added(schema, model.card().classes());
    RowStream.Reading reading =
        new RowStream.Reading(
            settings.evaluate().batch(),
            settings.data().decodeThreads(),
            settings.prepare().maxPixels());
    return ImageColumns.withMetadata(
        rows.toDF()
            .mapPartitions(new ClassRows(model, reading, columns, schema), Encoders.row(result)),
        result);
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    return stream.over(rows, this::row);
  }

  private Row row(PictureStream.Result<RowImages.Numbered, ImageFeature> result) {
    ImageFeature answer = result.answer();
    float[] probabilities = answer.values();
    boolean isFinite =
        probabilities != null && Ranking.isFinite(probabilities, 0, probabilities.length);
    String reason = isFinite || answer.refusal() != null ? answer.refusal() : NOT_FINITE;
    if (reason != null && !columns.images().keepsBadImages()) {
      throw stream.refused(result.item(), reason);
    }
    List<Object> values = RowStream.values(result);
    int label = isFinite ? Ranking.top(probabilities, 1)[0] : -1;
    add(values, columns.rawPrediction(), label < 0 ? null : Vectors.dense(logs(probabilities)));
    add(
        values,
        columns.probability(),
        label < 0 ? null : Vectors.dense(ImageRows.doubles(probabilities)));
    add(values, columns.prediction(), label < 0 ? null : (double) label);
    add(values, columns.predictedLabel(), label < 0 ? null : model.card().classes().get(label));
    if (columns.images().keepsBadImages()) {
      add(values, columns.reason(), reason);
    }
    return RowFactory.create(values.toArray());
  }

  private static void add(List<Object> values, String column, Object value) {
    if (!column.isBlank()) {
      values.add(value);
    }
  }

  private static double[] logs(float[] probabilities) {
    double[] logs = new double[probabilities.length];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = Math.log(probabilities[i]);
    }
    return logs;
  }
}
