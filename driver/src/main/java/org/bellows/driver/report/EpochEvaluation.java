// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.evaluate.metric.MetricValues;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.files.Unwrapped;

/**
 * One evaluation during training.
 *
 * @param epoch epochs done by then, so 1 after the first
 * @param step updates done by then
 * @param metrics of all samples of the split; the loss is NaN where an answer is not finite
 * @param notFinite answers that are not finite; they are mistakes. 0 in older files, whatever the
 *     loss
 */
public record EpochEvaluation(
    int epoch,
    long step,
    @Unwrapped MetricValues metrics,
    @JsonProperty(required = false) long notFinite) {

  public static EpochEvaluation of(int epoch, long step, Evaluation evaluation) {
    return new EpochEvaluation(epoch, step, evaluation.metrics(), evaluation.notFinite());
  }

  public double value(Metric metric) {
    return metrics.get(metric);
  }

  /** Whether all answers were: else the model is not to be chosen, whatever its other figures. */
  public boolean allFinite() {
    return notFinite == 0 && Double.isFinite(value(Metrics.LOSS));
  }
}
