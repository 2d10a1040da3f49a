// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bellows.driver.report.EpochEvaluation;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.metrics.StepMetrics;

/** The curves of a run under the names that other tools show them by. */
public final class Scalars {
  private Scalars() {}

  public static Map<String, Double> of(StepMetrics step) {
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("train/loss", step.loss());
    scalars.put("train/learning_rate", step.learningRate());
    scalars.put("speed/images_per_second", step.images() / step.seconds());
    scalars.put("speed/data_wait_share", step.dataWaitSeconds() / step.seconds());
    scalars.put("speed/collective_share", step.collectiveSeconds() / step.seconds());
    scalars.put("speed/hidden_share", step.hiddenSeconds() / step.seconds());
    return scalars;
  }

  public static Map<String, Double> of(EpochEvaluation evaluation) {
    Map<String, Double> scalars = new LinkedHashMap<>();
    evaluation.metrics().metrics().stream()
        .sorted(Comparator.comparing(Metric::name))
        .forEach(m -> scalars.put("validation/" + m.seriesName(), evaluation.value(m)));
    return scalars;
  }
}
