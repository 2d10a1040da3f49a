// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.bellows.driver.chart.ChartLayer;
import org.bellows.driver.chart.Downsampling;
import org.bellows.driver.chart.NumberText;
import org.bellows.driver.chart.Series;
import org.bellows.driver.chart.SvgChart;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.evaluate.metric.Metrics;

/**
 * The metrics of the evaluations over the epochs: a chart a {@link Metric#quantity}. The loss is
 * none of them, as it is drawn beside that of training.
 */
final class MetricCharts {
  private static final List<String> LOOKS = List.of("first", "second", "third", "fourth");

  private final List<EpochEvaluation> evaluations;
  private final List<Metric> drawn;

  /**
   * @param classes of the dataset: some metrics say nothing of few; 0 where it is not known
   */
  MetricCharts(List<EpochEvaluation> evaluations, int classes) {
    this(
        evaluations,
        Metrics.inAny(evaluations.stream().map(EpochEvaluation::metrics).toList()),
        classes);
  }

  private MetricCharts(List<EpochEvaluation> evaluations, List<Metric> metrics, int classes) {
    this.evaluations = evaluations;
    this.drawn =
        metrics.stream().filter(metric -> metric != Metrics.LOSS && metric.tells(classes)).toList();
  }

  /**
   * @param expected the metrics that evaluations will have, in the order of display
   */
  static MetricCharts beforeTheFirst(List<Metric> expected) {
    return new MetricCharts(List.of(), expected, 0);
  }

  /** The metrics with a chart; before the first evaluation an empty one of the headline metric. */
  List<String> quantities() {
    List<String> all = drawn.stream().map(Metric::quantity).distinct().toList();
    return evaluations.isEmpty() ? all.subList(0, 1) : all;
  }

  SvgChart chart(String quantity) {
    List<Metric> all = drawn.stream().filter(m -> m.quantity().equals(quantity)).toList();
    // Nothing is drawn before the first: the one metric that the page is about is named.
    List<Metric> metrics = evaluations.isEmpty() ? all.subList(0, 1) : all;
    SvgChart chart =
        new SvgChart(quantity.replace(' ', '-'), title(metrics) + " by epoch")
            .axes("epoch", "%s (%s)".formatted(quantity, metrics.get(0).unit().symbol()));
    // The first on top of the others.
    for (int i = metrics.size() - 1; i >= 0; i--) {
      Metric metric = metrics.get(i);
      add(chart, metric.title(), LOOKS.get(i % LOOKS.size()), EpochEvaluation::epoch, metric);
    }
    return chart;
  }

  /** Such as "Top-1 and top-5 accuracy". */
  private static String title(List<Metric> metrics) {
    Metric last = metrics.get(metrics.size() - 1);
    List<String> others =
        metrics.subList(0, metrics.size() - 1).stream().map(Metric::title).toList();
    return NumberText.capitalised(
        others.isEmpty() ? last.heading() : String.join(", ", others) + " and " + last.heading());
  }

  /** A metric of the evaluations as a line with a point each. */
  void add(
      SvgChart chart,
      String name,
      String look,
      ToDoubleFunction<EpochEvaluation> x,
      Metric metric) {
    Series series =
        new Series(
            name,
            evaluations.stream().mapToDouble(x).toArray(),
            evaluations.stream()
                .mapToDouble(evaluation -> metric.unit().scale() * evaluation.value(metric))
                .toArray());
    Series line = Downsampling.extremes(series, TrainingCharts.MOST_POINTS);
    if (line.finiteCount() > 1) {
      chart.add(new ChartLayer.Line(new Series("", line.x(), line.y()), look));
    }
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < line.size(); i++) {
      labels.add(name + " at " + Math.round(line.x()[i]) + ": " + NumberText.decimal(line.y()[i]));
    }
    chart.add(new ChartLayer.Points(line, labels.toArray(String[]::new), look));
  }
}
