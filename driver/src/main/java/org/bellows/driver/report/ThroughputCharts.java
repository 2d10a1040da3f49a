// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.bellows.driver.chart.ChartLayer;
import org.bellows.driver.chart.Downsampling;
import org.bellows.driver.chart.NumberText;
import org.bellows.driver.chart.Series;
import org.bellows.driver.chart.SvgChart;
import org.bellows.worker.metrics.StepMetrics;

/** The charts of speed: images a second, and the parts of a step's time. */
final class ThroughputCharts {
  private static final int MOST_WINDOWS = 200;
  private static final int FEWEST_STEPS = 5;

  /** One part of a step's time. */
  private record Part(String name, String look, ToDoubleFunction<StepMetrics> seconds) {}

  private static final List<Part> PARTS =
      List.of(
          new Part("compute", "first", StepMetrics::computeSeconds),
          new Part("collective", "third", StepMetrics::collectiveSeconds),
          new Part("data wait", "second", StepMetrics::dataWaitSeconds),
          new Part("rest", "grey", StepHistory::restSeconds));

  private final StepHistory history;
  private final double[] steps;
  private final int windows;

  ThroughputCharts(StepHistory history) {
    this.history = history;
    this.steps = history.values(StepMetrics::step);
    this.windows =
        history.isEmpty() ? 0 : Math.max(1, Math.min(MOST_WINDOWS, history.size() / FEWEST_STEPS));
  }

  SvgChart imagesPerSecond() {
    double[] rates = history.values(StepHistory::imagesPerSecond);
    double[] low = quantiles(rates, 0.1);
    double[] high = quantiles(rates, 0.9);
    Series median = new Series("median", centers(), quantiles(rates, 0.5));
    return new SvgChart("throughput", "Images per second over the steps")
        .axes("step (updates)", "images / s")
        .fromZero(true)
        .add(new ChartLayer.Area("10th to 90th percentile", centers(), low, high, "first faint"))
        .add(new ChartLayer.Line(median, "first strong"));
  }

  String rateCaption() {
    return "All executors together" + windowText() + ".";
  }

  /** Stacked, in the order of {@link #PARTS} from below. */
  SvgChart parts() {
    SvgChart chart =
        new SvgChart("step-time", "Parts of the step time over the steps")
            .axes("step (updates)", "time (ms)")
            .fromZero(true);
    double[] low = new double[windows];
    double whole = 0;
    List<double[]> means = new ArrayList<>();
    for (Part part : PARTS) {
      double[] mean = means(history.values(part.seconds()));
      means.add(mean);
      whole += Downsampling.mean(mean, 0, windows);
    }
    for (int part = 0; part < PARTS.size(); part++) {
      double[] mean = means.get(part);
      double[] high = new double[windows];
      for (int window = 0; window < windows; window++) {
        high[window] = low[window] + 1000 * mean[window];
      }
      String share = NumberText.percent(Downsampling.mean(mean, 0, windows) / whole, 0);
      String name = PARTS.get(part).name() + " " + share;
      chart.add(new ChartLayer.Area(name, centers(), low, high, PARTS.get(part).look()));
      low = high;
    }
    return chart.ceiling(usualCeiling(low));
  }

  String partsCaption() {
    String caption = "As the first executor saw it" + windowText() + "." + hidden();
    double highest = Downsampling.quantile(tops(), 1);
    return highest > usualCeiling(tops())
        ? caption + " Slowest: " + NumberText.decimal(highest) + "\u00a0ms, beyond the axis."
        : caption;
  }

  /** What of the compute time hides an exchange, if anything does. */
  private String hidden() {
    double[] hidden = history.values(StepMetrics::hiddenSeconds);
    double[] seconds = history.values(StepMetrics::seconds);
    double share = Arrays.stream(hidden).sum() / Arrays.stream(seconds).sum();
    return share > 0
        ? " Gradients were exchanged during %s of it, beside computing."
            .formatted(NumberText.percent(share, 1))
        : "";
  }

  private double[] tops() {
    double[] tops = new double[windows];
    for (Part part : PARTS) {
      double[] mean = means(history.values(part.seconds()));
      for (int window = 0; window < windows; window++) {
        tops[window] += 1000 * mean[window];
      }
    }
    return tops;
  }

  /** The first steps compile and connect; one of ten seconds must not flatten all others. */
  private static double usualCeiling(double[] tops) {
    double usual = Downsampling.quantile(tops, 0.95);
    double highest = Downsampling.quantile(tops, 1);
    return highest > 2 * usual ? 1.3 * usual : Double.POSITIVE_INFINITY;
  }

  private String windowText() {
    int length = windows == 0 ? 1 : Math.round((float) history.size() / windows);
    return length > 1 ? ", over windows of " + NumberText.count(length) + " steps" : "";
  }

  private double[] centers() {
    return means(steps);
  }

  private double[] means(double[] values) {
    double[] means = new double[windows];
    for (int window = 0; window < windows; window++) {
      means[window] = Downsampling.mean(values, from(window), from(window + 1));
    }
    return means;
  }

  private double[] quantiles(double[] values, double quantile) {
    double[] quantiles = new double[windows];
    for (int window = 0; window < windows; window++) {
      quantiles[window] = Downsampling.quantile(values, from(window), from(window + 1), quantile);
    }
    return quantiles;
  }

  private int from(int window) {
    return Downsampling.edge(window, windows, steps.length);
  }
}
