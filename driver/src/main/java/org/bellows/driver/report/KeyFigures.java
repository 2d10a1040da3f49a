package org.bellows.driver.report;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.Numbers;
import org.bellows.worker.evaluate.Evaluation;

/** The numbers that one looks for first; those that a command has not are left out. */
final class KeyFigures {
  private final StepHistory history;
  private final List<EpochEvaluation> evaluations;
  private final Evaluation finished;

  /**
   * @param finished null when the finished model was not evaluated; then the last epoch speaks
   */
  KeyFigures(StepHistory history, List<EpochEvaluation> evaluations, Evaluation finished) {
    this.history = history;
    this.evaluations = evaluations;
    this.finished = finished;
  }

  /**
   * The right class is always among the first five of five. Without a finished evaluation it is not
   * known how many there are.
   */
  static boolean tellsTop5(Evaluation finished) {
    return finished == null || finished.classes().isEmpty() || finished.classes().size() > 5;
  }

  void render(Markup out) {
    if (finished == null && evaluations.isEmpty() && history.isEmpty()) {
      return;
    }
    out.open("section", "class", "tiles");
    if (finished != null || !evaluations.isEmpty()) {
      renderAccuracy(out);
    }
    if (finished != null && history.isEmpty()) {
      tile(out, "samples", Numbers.count(finished.samples()), "evaluated, " + ofSplit());
    }
    if (!history.isEmpty()) {
      renderTraining(out);
    }
    out.close();
  }

  private void renderAccuracy(Markup out) {
    accuracy(out, "top-1 accuracy", Evaluation::top1, EpochEvaluation::top1);
    if (tellsTop5(finished)) {
      accuracy(out, "top-5 accuracy", Evaluation::top5, EpochEvaluation::top5);
    }
    double loss = figure(Evaluation::loss, EpochEvaluation::loss);
    long notFinite = notFinite();
    if (notFinite > 0) {
      String detail = Numbers.count(notFinite) + " answers are not finite";
      tile(out, "loss", Confusion.NOT_FINITE, detail);
    } else if (Double.isFinite(loss) || !history.isEmpty()) {
      // A support vector machine's answers are no probabilities: it has no loss.
      tile(out, "loss", Numbers.decimal(loss), "cross-entropy, nats");
    }
  }

  /** Such as "split test"; what is no split's name says by itself what it is. */
  private String ofSplit() {
    return finished.split().contains(" ") ? finished.split() : "split " + finished.split();
  }

  private void renderTraining(Markup out) {
    double rate = history.imagesPerSecond();
    String rateText = rate >= 100 ? Numbers.count(Math.round(rate)) : Numbers.decimal(rate);
    tile(out, "images / s", rateText, "all executors, mean");
    tile(
        out,
        "epochs",
        Numbers.count(history.last().epoch() + 1),
        Numbers.count(images()) + " images");
    tile(
        out,
        "steps",
        Numbers.count(history.last().step() + 1),
        "global batch " + Numbers.count(history.last().images()));
  }

  private long images() {
    double images = 0;
    for (double count : history.values(step -> step.images())) {
      images += count;
    }
    return (long) images;
  }

  private void accuracy(
      Markup out,
      String label,
      ToDoubleFunction<Evaluation> ofFinished,
      ToDoubleFunction<EpochEvaluation> ofEpoch) {
    Optional<EpochEvaluation> best =
        evaluations.stream()
            .filter(EpochEvaluation::allFinite)
            .max(Comparator.comparingDouble(ofEpoch));
    String detail =
        best.map(
                evaluation ->
                    "best "
                        + Numbers.percent(ofEpoch.applyAsDouble(evaluation), 2)
                        + ", epoch "
                        + evaluation.epoch())
            .orElse(finished == null ? "" : ofSplit());
    tile(out, label, Numbers.percent(figure(ofFinished, ofEpoch), 2), detail);
  }

  private long notFinite() {
    if (finished != null) {
      return finished.notFinite();
    }
    return evaluations.isEmpty() ? 0 : evaluations.get(evaluations.size() - 1).notFinite();
  }

  private double figure(
      ToDoubleFunction<Evaluation> ofFinished, ToDoubleFunction<EpochEvaluation> ofEpoch) {
    if (finished != null) {
      return ofFinished.applyAsDouble(finished);
    }
    return evaluations.isEmpty()
        ? Double.NaN
        : ofEpoch.applyAsDouble(evaluations.get(evaluations.size() - 1));
  }

  private static void tile(Markup out, String label, String value, String detail) {
    out.open("div", "class", "tile");
    out.element("div", label, "class", "label");
    out.element("div", value, "class", "value");
    out.element("div", detail, "class", "detail").close();
  }
}
