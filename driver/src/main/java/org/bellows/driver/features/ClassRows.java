// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
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
import org.bellows.worker.evaluate.label.ClassProbability;
import org.bellows.worker.features.FeatureRequest;
import org.bellows.worker.features.ImageFeature;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.predict.PictureStream;

/** A partition's rows in, the same rows with the network's classes out. Runs in a task. */
public final class ClassRows implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private static final String NOT_FINITE = "has an answer that is not finite (NaN or infinite)";

  private final ExecutorNetworks.Model model;
  private final RowStream stream;
  private final ClassColumns columns;

  /** By label; empty where an image has one class. */
  private final double[] thresholds;

  private ClassRows(
      ExecutorNetworks.Model model,
      RowStream.Reading reading,
      ClassColumns columns,
      double[] thresholds,
      StructType schema) {
    this.model = model;
    this.columns = columns;
    this.thresholds = thresholds;
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
   *     evaluate.convolutions}, {@code evaluate.threshold}, {@code data.decode-threads} and {@code
   *     prepare.max-pixels} are used
   * @param thresholds by label, in the place of {@code evaluate.threshold}; empty: that one
   * @throws BellowsException data, when there is no model or it is damaged; configuration, for
   *     unfit columns or a network that says a class of each pixel
   */
  public static Dataset<Row> add(
      Dataset<?> rows,
      String modelPath,
      Settings settings,
      ClassColumns columns,
      List<Double> thresholds) {
    StructType schema = rows.schema();
    columns.added(schema, List.of());
    Configuration hadoop = rows.sparkSession().sparkContext().hadoopConfiguration();
    ExecutorNetworks.Model model =
        ExecutorNetworks.Model.read(
            hadoop, modelPath, settings, EngineRequest.of(settings.evaluate()));
    double[] inForce = thresholds(model.card(), settings, columns, thresholds);
    StructType result = columns.added(schema, model.card().classes());
    RowStream.Reading reading =
        new RowStream.Reading(
            settings.evaluate().batch(),
            settings.data().decodeThreads(),
            settings.prepare().maxPixels());
    return ImageColumns.withMetadata(
        rows.toDF()
            .mapPartitions(
                new ClassRows(model, reading, columns, inForce, schema), Encoders.row(result)),
        result);
  }

  private static double[] thresholds(
      ModelCard card, Settings settings, ClassColumns columns, List<Double> given) {
    if (card.multiLabelled() != columns.areSeveral()) {
      throw BellowsException.configuration(
          "the model says %s of each image, but the columns are those of %s"
              .formatted(kind(card.multiLabelled()), kind(columns.areSeveral())));
    }
    if (!columns.areSeveral()) {
      if (!given.isEmpty()) {
        throw BellowsException.configuration(
            "thresholds is set, but the model says one class of each image");
      }
      return new double[0];
    }
    return ClassThresholds.inForce(
        given.stream().mapToDouble(Double::doubleValue).toArray(),
        settings.evaluate().threshold(),
        card.classes().size());
  }

  private static String kind(boolean areSeveral) {
    return areSeveral ? "any number of classes" : "one class";
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
    add(values, columns.rawPrediction(), isFinite ? Vectors.dense(raw(probabilities)) : null);
    add(
        values,
        columns.probability(),
        isFinite ? Vectors.dense(ImageRows.doubles(probabilities)) : null);
    int[] labels = isFinite ? labels(probabilities) : new int[0];
    add(values, columns.prediction(), isFinite ? prediction(labels) : null);
    add(values, columns.predictedLabel(), isFinite ? names(labels) : null);
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

  /** The likeliest one, or those that reach their thresholds. */
  private int[] labels(float[] probabilities) {
    return columns.areSeveral()
        ? Ranking.reaching(probabilities, thresholds)
        : Ranking.top(probabilities, 1);
  }

  private Object prediction(int[] labels) {
    return columns.areSeveral()
        ? IntStream.of(labels).mapToObj(label -> (double) label).toArray(Double[]::new)
        : (Object) (double) labels[0];
  }

  private Object names(int[] labels) {
    List<String> classes = model.card().classes();
    return columns.areSeveral()
        ? IntStream.of(labels).mapToObj(classes::get).toArray(String[]::new)
        : classes.get(labels[0]);
  }

  private double[] raw(float[] probabilities) {
    double[] raw = new double[probabilities.length];
    for (int i = 0; i < raw.length; i++) {
      raw[i] =
          columns.areSeveral()
              ? ClassProbability.logit(probabilities[i])
              : Math.log(probabilities[i]);
    }
    return raw;
  }
}
