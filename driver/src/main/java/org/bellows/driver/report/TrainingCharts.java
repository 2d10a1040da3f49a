// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.List;
import org.bellows.driver.chart.ChartLayer;
import org.bellows.driver.chart.Downsampling;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.NumberText;
import org.bellows.driver.chart.Series;
import org.bellows.driver.chart.SvgChart;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.metrics.StepMetrics;

/** The charts over the steps and epochs of a run. */
public final class TrainingCharts {
  static final int MOST_POINTS = 1000;
  private static final String STEPS = "step (updates)";

  private final StepHistory history;
  private final MetricCharts metrics;

  /**
   * @param classes of the dataset: some metrics say nothing of few; 0 where it is not known
   */
  TrainingCharts(StepHistory history, List<EpochEvaluation> evaluations, int classes) {
    this(history, new MetricCharts(evaluations, classes));
  }

  private TrainingCharts(StepHistory history, MetricCharts metrics) {
    this.history = history;
    this.metrics = metrics;
  }

  /**
   * @param steps in the order of time, perhaps not all
   * @param evaluations oldest first
   * @param expected the metrics that evaluations will have, in the order of display
   */
  public static void render(
      Markup out,
      List<StepMetrics> steps,
      List<EpochEvaluation> evaluations,
      List<Metric> expected) {
    MetricCharts metrics =
        evaluations.isEmpty()
            ? MetricCharts.beforeTheFirst(expected)
            : new MetricCharts(evaluations, 0);
    new TrainingCharts(StepHistory.of(steps), metrics).render(out);
  }

  void render(Markup out) {
    out.open("section", "class", "charts");
    figure(out, "wide", "Loss", loss(), lossCaption());
    for (String quantity : metrics.quantities()) {
      String caption = "On the validation split, after each epoch.";
      figure(out, null, NumberText.capitalised(quantity), metrics.chart(quantity), caption);
    }
    figure(out, null, "Learning rate", learningRate(), "As applied at each update.");
    ThroughputCharts throughput = new ThroughputCharts(history);
    figure(out, null, "Throughput", throughput.imagesPerSecond(), throughput.rateCaption());
    figure(out, null, "Where a step's time goes", throughput.parts(), throughput.partsCaption());
    out.close();
  }

  private static void figure(
      Markup out, String look, String title, SvgChart chart, String caption) {
    out.open("figure", "class", look);
    out.element("h3", title);
    out.raw(chart.render());
    out.element("figcaption", caption);
    out.close();
  }

  private SvgChart loss() {
    Series raw = history.series("training, each step", StepMetrics::loss);
    SvgChart chart =
        new SvgChart("loss", "Training and validation loss over the steps")
            .size(1100, 340)
            .axes(STEPS, "cross-entropy (nats)")
            .fromZero(true);
    double median = Downsampling.quantile(raw.y(), 0.5);
    double highest = Downsampling.quantile(raw.y(), 1);
    // From 20 times the median on, a linear axis would press most of the run against its floor.
    chart.logarithmic(Downsampling.quantile(raw.y(), 0) > 0 && highest > 20 * median);
    chart.add(new ChartLayer.Line(Downsampling.extremes(raw, MOST_POINTS), "raw"));
    int window = lossWindow();
    if (window > 1) {
      Series smooth = Downsampling.smoothed(raw, window, MOST_POINTS / 2);
      Series named =
          new Series("mean over " + NumberText.count(window) + " steps", smooth.x(), smooth.y());
      chart.add(new ChartLayer.Line(named, "first strong"));
    }
    metrics.add(chart, "validation", "second", EpochEvaluation::step, Metrics.LOSS);
    addResumes(chart);
    return chart;
  }

  /** Odd, a fiftieth of the run, so that the curve's turns stay and the noise goes. */
  private int lossWindow() {
    return history.size() < 20 ? 1 : Math.max(5, history.size() / 50) | 1;
  }

  private String lossCaption() {
    int lost = history.size() - history.series("", StepMetrics::loss).finiteCount();
    String caption = "Mean over the global batch, before each update.";
    if (lost > 0) {
      caption += " In " + NumberText.count(lost) + " steps the loss was not finite: gaps.";
    }
    return history.resumes().isEmpty()
        ? caption
        : caption + " Steps repeated after a resume are shown once, as they counted.";
  }

  /** More lines than this would hide the curve; the notes have them all. */
  private void addResumes(SvgChart chart) {
    history.resumes().stream().limit(8).forEach(step -> chart.mark(step, "resumed", false));
  }

  private SvgChart learningRate() {
    return LearningRateChart.of(
        history.series("learning rate", StepMetrics::learningRate), STEPS, "step");
  }
}
