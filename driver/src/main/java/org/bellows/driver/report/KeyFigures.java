// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.NumberText;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.evaluate.metric.MetricValues;
import org.bellows.worker.evaluate.metric.Metrics;

/** The numbers that one looks for first; those that a command has not are left out. */
final class KeyFigures {
  private final StepHistory history;
  private final List<EpochEvaluation> evaluations;
  private final Evaluation finished;

  /**
   * @param finished null when the finished model was not evaluated; then the last epoch is shown
   */
  KeyFigures(StepHistory history, List<EpochEvaluation> evaluations, Evaluation finished) {
    this.history = history;
    this.evaluations = evaluations;
    this.finished = finished;
  }

  /** 0 without a finished evaluation: it is not known then. */
  static int classes(Evaluation finished) {
    return finished == null ? 0 : finished.classes().size();
  }

  void render(Markup out) {
    if (finished == null && evaluations.isEmpty() && history.isEmpty()) {
      return;
    }
    out.open("section", "class", "tiles");
    if (finished != null || !evaluations.isEmpty()) {
      renderMetrics(out);
    }
    if (finished != null && history.isEmpty()) {
      tile(out, "samples", NumberText.count(finished.samples()), "evaluated, " + ofSplit());
    }
    if (!history.isEmpty()) {
      renderTraining(out);
    }
    out.close();
  }

  private void renderMetrics(Markup out) {
    newest().metrics().stream()
        .filter(metric -> metric != Metrics.LOSS && metric.tells(classes(finished)))
        .forEach(metric -> renderMetric(out, metric));
    double loss = newest().get(Metrics.LOSS);
    long notFinite = notFinite();
    if (notFinite > 0) {
      String detail = NumberText.count(notFinite) + " answers are not finite";
      tile(out, Metrics.LOSS.heading(), ConfusionTable.NOT_FINITE, detail);
    } else if (Double.isFinite(loss) || !history.isEmpty()) {
      // A support vector machine's answers are no probabilities: it has no loss.
      String kind = newest().has(Metrics.MAP) ? "binary cross-entropy, " : "cross-entropy, ";
      String unit = kind + Metrics.LOSS.unit().symbol();
      tile(out, Metrics.LOSS.heading(), NumberText.of(Metrics.LOSS.unit(), loss), unit);
    }
  }

  /** Such as "split test"; what is no split's name says by itself what it is. */
  private String ofSplit() {
    return finished.split().contains(" ") ? finished.split() : "split " + finished.split();
  }

  private void renderTraining(Markup out) {
    double rate = history.imagesPerSecond();
    String rateText = rate >= 100 ? NumberText.count(Math.round(rate)) : NumberText.decimal(rate);
    tile(out, "images / s", rateText, "all executors, mean");
    tile(
        out,
        "epochs",
        NumberText.count(history.last().epoch() + 1),
        NumberText.count(images()) + " images");
    tile(
        out,
        "steps",
        NumberText.count(history.last().step() + 1),
        "global batch " + NumberText.count(history.last().images()));
  }

  private long images() {
    double images = 0;
    for (double count : history.values(step -> step.images())) {
      images += count;
    }
    return (long) images;
  }

  private void renderMetric(Markup out, Metric metric) {
    Optional<EpochEvaluation> best =
        evaluations.stream()
            .filter(EpochEvaluation::allFinite)
            .max(Comparator.comparingDouble(e -> metric.merit(e.value(metric))));
    String detail =
        best.map(
                evaluation ->
                    "best "
                        + NumberText.of(metric.unit(), evaluation.value(metric))
                        + ", epoch "
                        + evaluation.epoch())
            .orElse(finished == null ? "" : ofSplit());
    tile(out, metric.heading(), NumberText.of(metric.unit(), newest().get(metric)), detail);
  }

  private long notFinite() {
    if (finished != null) {
      return finished.notFinite();
    }
    return evaluations.isEmpty() ? 0 : evaluations.get(evaluations.size() - 1).notFinite();
  }

  /** The figures of the finished model, else of the last epoch; there is one of them. */
  private MetricValues newest() {
    return finished != null
        ? finished.metrics()
        : evaluations.get(evaluations.size() - 1).metrics();
  }

  private static void tile(Markup out, String label, String value, String detail) {
    out.open("div", "class", "tile");
    out.element("div", label, "class", "label");
    out.element("div", value, "class", "value");
    out.element("div", detail, "class", "detail").close();
  }
}
