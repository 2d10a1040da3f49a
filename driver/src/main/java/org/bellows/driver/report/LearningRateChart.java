// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import org.bellows.driver.chart.ChartLayer;
import org.bellows.driver.chart.Downsampling;
import org.bellows.driver.chart.NumberText;
import org.bellows.driver.chart.Series;
import org.bellows.driver.chart.SvgChart;

/** The learning rate over a run, as it was or as it will be. */
public final class LearningRateChart {
  private static final int MOST_POINTS = 1000;

  private LearningRateChart() {}

  /**
   * @param rate by step or epoch
   * @param axis title of the horizontal axis
   * @param unit its unit, in one word
   */
  public static SvgChart of(Series rate, String axis, String unit) {
    SvgChart chart =
        new SvgChart("learning-rate", "Learning rate over the steps")
            .axes(axis, "learning rate")
            .fromZero(true)
            .logarithmic(mostlySmall(rate.y()));
    chart.add(new ChartLayer.Line(Downsampling.extremes(rate, MOST_POINTS), "fourth strong"));
    int warmup = warmupSteps(rate.y());
    if (warmup > 0) {
      double end = rate.x()[warmup];
      chart.mark(end, "warmup ends, " + unit + " " + NumberText.count((long) end), true);
    }
    return chart;
  }

  /** Whether a linear axis would show a fifth of the run as zero, as with decay by tens. */
  private static boolean mostlySmall(double[] rates) {
    double highest = Downsampling.quantile(rates, 1);
    long small = 0;
    for (double rate : rates) {
      if (rate > 0 && rate < 0.02 * highest) {
        small++;
      }
    }
    return small * 5 > rates.length;
  }

  /**
   * Index at which a rise from the first step ends, 0 when the rate does not rise at first or has
   * not stopped rising before the end.
   */
  private static int warmupSteps(double[] rates) {
    int index = 0;
    while (index + 1 < rates.length && rates[index + 1] > rates[index]) {
      index++;
    }
    return index + 1 < rates.length ? index : 0;
  }
}
