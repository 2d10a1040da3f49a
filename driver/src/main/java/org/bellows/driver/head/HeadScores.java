// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.head;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.stream.DoubleStream;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.metric.AnswerCounter;
import org.bellows.worker.evaluate.metric.ClassAnswer;

/**
 * Counts a fitted head's answers to samples. If scores are equal the lower label comes first;
 * scores that are not finite are a mistake.
 */
final class HeadScores implements Serializable {
  private static final long serialVersionUID = 1L;

  private final boolean areProbabilities;
  private final int partition;
  private final AnswerCounter answers;

  /**
   * @param partition of the samples
   */
  HeadScores(int classes, boolean areProbabilities, int partition) {
    this.areProbabilities = areProbabilities;
    this.partition = partition;
    this.answers = new AnswerCounter(classes);
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
            .mapPartitionsWithIndex(
                (partition, samples) ->
                    List.of(new HeadScores(count, areProbabilities, partition).count(samples))
                        .iterator(),
                true)
            .collect();
    HeadScores all = new HeadScores(count, areProbabilities, 0);
    parts.forEach(all::add);
    return all.evaluation(split, classes);
  }

  private HeadScores count(Iterator<Row> rows) {
    while (rows.hasNext()) {
      Row row = rows.next();
      count((int) row.getDouble(0), ((Vector) row.get(1)).toArray());
    }
    return this;
  }

  /**
   * @param scores a number a class, higher is likelier
   */
  void count(int actual, double[] scores) {
    answers.count(partition, answer(actual, scores));
  }

  private ClassAnswer answer(int actual, double[] scores) {
    if (!DoubleStream.of(scores).allMatch(Double::isFinite)) {
      return ClassAnswer.notFinite(actual);
    }
    int predicted = 0;
    int before = 0;
    for (int label = 0; label < scores.length; label++) {
      predicted = scores[label] > scores[predicted] ? label : predicted;
      boolean comesBefore =
          scores[label] > scores[actual] || (scores[label] == scores[actual] && label < actual);
      before += comesBefore ? 1 : 0;
    }
    return new ClassAnswer(
        actual,
        predicted,
        before,
        areProbabilities ? scores[actual] : Double.NaN,
        areProbabilities ? scores[predicted] : Double.NaN);
  }

  void add(HeadScores part) {
    answers.add(part.answers);
  }

  Evaluation evaluation(String split, List<String> classes) {
    return Evaluation.of(split, answers, classes, List.of());
  }
}
