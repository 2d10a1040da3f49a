package org.bellows.driver.report;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.bellows.driver.chart.Layer;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.Numbers;
import org.bellows.driver.chart.Sampling;
import org.bellows.driver.chart.Series;
import org.bellows.driver.chart.SvgChart;
import org.bellows.worker.metrics.StepMetrics;

/** The charts over the steps and epochs of a run. */
public final class TrainingCharts {
  private static final int MOST_POINTS = 1000;
  private static final String STEPS = "step (updates)";

  private final StepHistory history;
  private final List<EpochEvaluation> evaluations;
  private final boolean withTop5;

  /**
   * @param withTop5 whether top-5 accuracy says something
   */
  TrainingCharts(StepHistory history, List<EpochEvaluation> evaluations, boolean withTop5) {
    this.history = history;
    this.evaluations = evaluations;
    this.withTop5 = withTop5;
  }

  /**
   * @param steps in the order of time, perhaps not all
   * @param evaluations oldest first
   */
  public static void render(
      Markup out, List<StepMetrics> steps, List<EpochEvaluation> evaluations) {
    new TrainingCharts(StepHistory.of(steps), evaluations, true).render(out);
  }

  void render(Markup out) {
    out.open("section", "class", "charts");
    figure(out, "wide", "Loss", loss(), lossCaption());
    figure(out, null, "Accuracy", accuracy(), "On the validation split, after each epoch.");
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
    double median = Sampling.quantile(raw.y(), 0.5);
    double highest = Sampling.quantile(raw.y(), 1);
    // From 20 times the median on, a linear axis would press most of the run against its floor.
    chart.logarithmic(Sampling.quantile(raw.y(), 0) > 0 && highest > 20 * median);
    chart.add(new Layer.Line(Sampling.extremes(raw, MOST_POINTS), "raw"));
    int window = lossWindow();
    if (window > 1) {
      Series smooth = Sampling.smoothed(raw, window, MOST_POINTS / 2);
      Series named =
          new Series("mean over " + Numbers.count(window) + " steps", smooth.x(), smooth.y());
      chart.add(new Layer.Line(named, "first strong"));
    }
    addEvaluations(chart, "validation", "second", EpochEvaluation::step, EpochEvaluation::loss);
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
      caption += " In " + Numbers.count(lost) + " steps the loss was not finite: gaps.";
    }
    return history.resumes().isEmpty()
        ? caption
        : caption + " Steps repeated after a resume are shown once, as they counted.";
  }

  /** More lines than this would hide the curve; the notes have them all. */
  private void addResumes(SvgChart chart) {
    history.resumes().stream().limit(8).forEach(step -> chart.mark(step, "resumed", false));
  }

  private SvgChart accuracy() {
    SvgChart chart =
        new SvgChart("accuracy", (withTop5 ? "Top-1 and top-5" : "Top-1") + " accuracy by epoch")
            .axes("epoch", "accuracy (%)");
    if (withTop5) {
      addEvaluations(
          chart, "top-5", "second", EpochEvaluation::epoch, evaluation -> evaluation.top5() * 100);
    }
    addEvaluations(
        chart, "top-1", "first", EpochEvaluation::epoch, evaluation -> evaluation.top1() * 100);
    return chart;
  }

  private void addEvaluations(
      SvgChart chart,
      String name,
      String look,
      ToDoubleFunction<EpochEvaluation> x,
      ToDoubleFunction<EpochEvaluation> y) {
    Series series =
        new Series(
            name,
            evaluations.stream().mapToDouble(x).toArray(),
            evaluations.stream().mapToDouble(y).toArray());
    Series line = Sampling.extremes(series, MOST_POINTS);
    if (line.finiteCount() > 1) {
      chart.add(new Layer.Line(new Series("", line.x(), line.y()), look));
    }
    String[] labels = new String[line.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = name + " at " + Math.round(line.x()[i]) + ": " + Numbers.decimal(line.y()[i]);
    }
    chart.add(new Layer.Points(line, labels, look));
  }

  private SvgChart learningRate() {
    return LearningRateChart.of(
        history.series("learning rate", StepMetrics::learningRate), STEPS, "step");
  }
}
