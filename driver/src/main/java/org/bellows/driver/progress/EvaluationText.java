// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.progress;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.evaluate.metric.MetricValues;

/** The figures of an evaluation, for a line on a terminal. */
public final class EvaluationText {
  private EvaluationText() {}

  public static String text(Evaluation evaluation) {
    return text(evaluation.classes().size(), evaluation.metrics(), evaluation.notFinite());
  }

  /**
   * Leaves out the metrics that tell nothing of so many classes.
   *
   * @param notFinite answers that are not finite
   */
  public static String text(int classes, MetricValues metrics, long notFinite) {
    List<Metric> told =
        metrics.metrics().stream().filter(m -> m.tells(classes) && m.isInLines()).toList();
    String text = text(metrics, told, "  ");
    return notFinite == 0 ? text : text + "  " + format("%,d answers not finite", notFinite);
  }

  /** Such as "top-1 87.10 %, loss 0.2471". */
  public static String text(MetricValues values, List<Metric> metrics, String separator) {
    return metrics.stream()
        .map(metric -> metric.title() + " " + metric.unit().text(values.get(metric)))
        .collect(Collectors.joining(separator));
  }

  /** Four decimals, or that it is not finite. */
  public static String decimals(double value) {
    return Double.isFinite(value) ? format("%.4f", value) : "not finite";
  }

  private static String format(String format, Object value) {
    return String.format(Locale.ROOT, format, value);
  }
}
