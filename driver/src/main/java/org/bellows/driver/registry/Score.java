// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.registry;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.evaluate.metric.MetricValues;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.files.Unwrapped;

/**
 * The figures of a model on one split of one dataset.
 *
 * @param samples that were evaluated
 * @param metrics of these samples; the loss is NaN where an answer is not finite
 * @param notFinite answers that are not finite; they are mistakes. 0 in older files, whatever the
 *     loss
 */
public record Score(
    String split,
    long samples,
    @Unwrapped MetricValues metrics,
    @JsonProperty(required = false) long notFinite) {
  public static Score of(Evaluation evaluation) {
    return new Score(
        evaluation.split(), evaluation.samples(), evaluation.metrics(), evaluation.notFinite());
  }

  public double value(Metric metric) {
    return metrics.get(metric);
  }

  /** Whether all answers were: else the version is not to become current. */
  public boolean allFinite() {
    return notFinite == 0 && Double.isFinite(value(Metrics.LOSS));
  }

  /** The problem if not {@link #allFinite}, as a clause. */
  public String complaint() {
    return notFinite == 0
        ? "the loss on %s is not finite".formatted(split)
        : String.format(
            Locale.ROOT, "%,d of %,d answers on %s are not finite", notFinite, samples, split);
  }
}
