// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.study;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bellows.conf.study.Study.Arm;
import org.bellows.driver.chart.Series;
import org.bellows.worker.evaluate.metric.Metric;

/** The trainings of one arm, one for each seed. */
public record ArmResult(Arm arm, List<SeedResult> seeds) {
  MeanAndDeviation spread(Function<SeedResult, Double> figure) {
    return MeanAndDeviation.of(seeds.stream().map(figure).toList());
  }

  MeanAndDeviation spread(Metric metric) {
    return spread(seed -> seed.metrics().get(metric));
  }

  /** Mean over the seeds of an evaluation's metric, in the unit's symbol, by epoch. */
  Series curve(Metric metric) {
    int epochs = seeds.stream().mapToInt(seed -> seed.evaluations().size()).min().orElse(0);
    double[] x = new double[epochs];
    double[] y = new double[epochs];
    for (int i = 0; i < epochs; i++) {
      List<Double> values = new ArrayList<>();
      for (SeedResult seed : seeds) {
        values.add(metric.unit().scale() * seed.evaluations().get(i).value(metric));
      }
      x[i] = seeds.get(0).evaluations().get(i).epoch();
      y[i] = MeanAndDeviation.of(values).mean();
    }
    return new Series(arm.name(), x, y);
  }
}
