// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.bellows.worker.evaluate.label.LabelScores;

/**
 * A figure of answers to samples of any number of classes, as {@link LabelScores} defines it.
 *
 * @param title has the quantity in it
 * @param figure 0 to 1
 */
public record LabelMetric(
    String name, String title, String quantity, ToDoubleFunction<LabelScores> figure)
    implements Metric {
  private static final String F1 = "F1";

  /** Mean average precision. */
  static final LabelMetric MAP =
      new LabelMetric("map", "mAP", "mAP", LabelScores::meanAveragePrecision);

  /** In the order of display. */
  static final List<Metric> ALL =
      List.of(
          MAP,
          new LabelMetric("micro-f1", "micro F1", F1, LabelScores::microF1),
          new LabelMetric("macro-f1", "macro F1", F1, LabelScores::macroF1),
          precision("micro", LabelScores::microPrecision),
          precision("macro", LabelScores::macroPrecision),
          recall("micro", LabelScores::microRecall),
          recall("macro", LabelScores::macroRecall));

  private static LabelMetric precision(String mean, ToDoubleFunction<LabelScores> figure) {
    return new LabelMetric(mean + "-precision", mean + " precision", "precision", figure);
  }

  private static LabelMetric recall(String mean, ToDoubleFunction<LabelScores> figure) {
    return new LabelMetric(mean + "-recall", mean + " recall", "recall", figure);
  }

  @Override
  public String heading() {
    return title;
  }

  /** Lines have F1 in the place of precision and recall. */
  @Override
  public boolean isInLines() {
    return equals(MAP) || quantity.equals(F1);
  }

  @Override
  public MetricUnit unit() {
    return MetricUnit.SHARE;
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }

  @Override
  public double value(AnswerCounter answers) {
    return figure.applyAsDouble(answers.labelScores());
  }
}
