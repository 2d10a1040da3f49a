package org.bellows.driver.head;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.DoubleStream;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.bellows.worker.evaluate.ConfusionCounter;
import org.bellows.worker.evaluate.Evaluation;

/**
 * Counts what a fitted head says of samples. Of equal scores the lower label comes first; scores
 * that are not finite are a mistake.
 */
final class HeadScores implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final double SMALLEST_PROBABILITY = 1e-37;

  private final int classes;
  private final ConfusionCounter confusion;
  private final boolean areProbabilities;
  private long samples;
  private long top1;
  private long top5;
  private double loss;

  HeadScores(int classes, boolean areProbabilities) {
    this.classes = classes;
    this.confusion = new ConfusionCounter(classes);
    this.areProbabilities = areProbabilities;
  }

  /**
   * @param column with the scores; without probabilities the loss is NaN
   * @param split name for the evaluation
   */
  static Evaluation evaluate(
      PipelineModel head,
      Dataset<Row> rows,
      HeadKinds.Scores column,
      String split,
      List<String> classes) {
    int count = classes.size();
    boolean areProbabilities = column.areProbabilities();
    List<HeadScores> parts =
        head.transform(rows)
            .select(FeatureTable.LABEL, column.column())
            .javaRDD()
            .mapPartitions(part -> List.of(count(part, count, areProbabilities)).iterator())
            .collect();
    HeadScores all = new HeadScores(count, areProbabilities);
    parts.forEach(all::add);
    return all.evaluation(split, classes);
  }

  private static HeadScores count(Iterator<Row> rows, int classes, boolean areProbabilities) {
    HeadScores scores = new HeadScores(classes, areProbabilities);
    while (rows.hasNext()) {
      Row row = rows.next();
      scores.count((int) row.getDouble(0), ((Vector) row.get(1)).toArray());
    }
    return scores;
  }

  /**
   * @param scores a number a class, higher is likelier
   */
  void count(int actual, double[] scores) {
    samples++;
    if (!DoubleStream.of(scores).allMatch(Double::isFinite)) {
      confusion.add(actual, classes);
      loss = Double.NaN;
      return;
    }
    int predicted = 0;
    int before = 0;
    for (int label = 0; label < scores.length; label++) {
      predicted = scores[label] > scores[predicted] ? label : predicted;
      boolean comesBefore =
          scores[label] > scores[actual] || (scores[label] == scores[actual] && label < actual);
      before += comesBefore ? 1 : 0;
    }
    confusion.add(actual, predicted);
    top1 += before < 1 ? 1 : 0;
    top5 += before < 5 ? 1 : 0;
    loss +=
        areProbabilities
            ? -StrictMath.log(Math.max(scores[actual], SMALLEST_PROBABILITY))
            : Double.NaN;
  }

  void add(HeadScores part) {
    confusion.add(part.confusion.counts());
    samples += part.samples;
    top1 += part.top1;
    top5 += part.top5;
    loss += part.loss;
  }

  Evaluation evaluation(String split, List<String> classes) {
    double n = samples;
    return new Evaluation(
        split,
        samples,
        loss / n,
        top1 / n,
        top5 / n,
        classes,
        confusion.counts(),
        new ArrayList<>());
  }
}
