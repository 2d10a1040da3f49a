// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import java.util.List;
import org.bellows.conf.BellowsException;
import org.bellows.conf.text.Words;
import org.bellows.worker.evaluate.metric.Metric;

/** The parameter metricName of evaluators. */
final class MetricNames {
  private MetricNames() {}

  static String allowed(List<? extends Metric> metrics) {
    return Words.or(metrics.stream().map(Metric::name).toList());
  }

  /**
   * @throws BellowsException (configuration) for a name that no metric has
   */
  static <M extends Metric> M of(List<M> metrics, String name) {
    return metrics.stream()
        .filter(metric -> metric.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                BellowsException.configuration(
                    "metricName is \"%s\", allowed: %s".formatted(name, allowed(metrics))));
  }
}
