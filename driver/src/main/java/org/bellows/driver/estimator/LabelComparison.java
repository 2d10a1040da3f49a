// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.bellows.driver.frame.RowLabels;
import org.bellows.worker.evaluate.label.LabelAnswers;

/** Rows of probabilities and labels in, the answers that metrics count out. */
final class LabelComparison implements FlatMapFunction<Iterator<Row>, LabelComparison.Found> {
  private static final long serialVersionUID = 1L;

  private final List<String> classes;

  /**
   * @param problem null, or why the answers are not whole
   */
  record Found(LabelAnswers answers, String problem) implements Serializable {}

  /**
   * @param classes names by label
   */
  LabelComparison(List<String> classes) {
    this.classes = classes;
  }

  @Override
  public Iterator<Found> call(Iterator<Row> rows) {
    Map<String, Integer> indices = new HashMap<>();
    IntStream.range(0, classes.size()).forEach(label -> indices.put(classes.get(label), label));
    LabelAnswers answers = new LabelAnswers(classes.size());
    for (int number = 0; rows.hasNext(); number++) {
      String problem = add(rows.next(), indices, answers);
      if (problem != null) {
        String row = "row %d of partition %d ".formatted(number, TaskContext.getPartitionId());
        return List.of(new Found(null, row + problem)).iterator();
      }
    }
    return List.of(new Found(answers, null)).iterator();
  }

  /** Null, or what is wrong with the row, as a predicate. */
  private String add(Row row, Map<String, Integer> indices, LabelAnswers answers) {
    if (row.isNullAt(0)) {
      return "has no probabilities; drop rows with a reason before they are evaluated";
    }
    Vector probabilities = row.getAs(0);
    if (probabilities.size() != classes.size()) {
      return "has %d probabilities, expected %d".formatted(probabilities.size(), classes.size());
    }
    RowLabels own = RowLabels.ofSeveral(row, 1);
    if (own.labels() == null) {
      return own.problem() == null ? "has no labels" : own.problem();
    }
    for (String label : own.labels()) {
      if (!indices.containsKey(label)) {
        return "has label \"%s\", which is none of the %d classes that the model was trained on; if a part of the rows alone lacks it, give labels as vectors of a length that their column says, as VectorAssembler does"
            .formatted(label, classes.size());
      }
    }
    float[] answer = new float[probabilities.size()];
    IntStream.range(0, answer.length)
        .forEach(label -> answer[label] = (float) probabilities.apply(label));
    answers.add(answer, own.labels().stream().mapToInt(indices::get).sorted().toArray());
    return null;
  }
}
