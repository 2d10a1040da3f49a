// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.evaluate.metric.MetricValues;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.files.NullableMember;
import org.bellows.worker.files.Unwrapped;

/**
 * One evaluation during training.
 *
 * @param epoch epochs done by then, so 1 after the first
 * @param step updates done by then
 * @param metrics of all samples of the split; the loss is NaN where an answer is not finite
 * @param notFinite answers that are not finite; they are mistakes. 0 in older files, whatever the
 *     loss
 * @param thresholds by class: those of the largest F1, where samples are of any number of classes;
 *     else empty
 */
public record EpochEvaluation(
    int epoch,
    long step,
    @Unwrapped MetricValues metrics,
    @JsonProperty(required = false) long notFinite,
    @JsonProperty @NullableMember @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<Double> thresholds) {
  public EpochEvaluation {
    thresholds = thresholds == null ? List.of() : List.copyOf(thresholds);
  }

  /** Of samples of one class, or of pixels. */
  public EpochEvaluation(int epoch, long step, MetricValues metrics, long notFinite) {
    this(epoch, step, metrics, notFinite, List.of());
  }

  public static EpochEvaluation of(int epoch, long step, Evaluation evaluation) {
    return new EpochEvaluation(
        epoch,
        step,
        evaluation.metrics(),
        evaluation.notFinite(),
        evaluation.labels() == null ? List.of() : evaluation.labels().bestThresholds());
  }

  public double value(Metric metric) {
    return metrics.get(metric);
  }

  /** Whether all answers were: else the model is not to be chosen, whatever its other figures. */
  public boolean allFinite() {
    return notFinite == 0 && Double.isFinite(value(Metrics.LOSS));
  }
}
