package org.bellows.driver.report;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.Numbers;
import org.bellows.worker.evaluate.Evaluation;

/** The six numbers that one looks for first. */
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

  void render(Markup out) {
    out.open("section", "class", "tiles");
    accuracy(out, "top-1 accuracy", Evaluation::top1, EpochEvaluation::top1);
    accuracy(out, "top-5 accuracy", Evaluation::top5, EpochEvaluation::top5);
    double loss = figure(Evaluation::loss, EpochEvaluation::loss);
    long notFinite = notFinite();
    tile(
        out,
        "loss",
        notFinite == 0 ? Numbers.decimal(loss) : Confusion.NOT_FINITE,
        notFinite == 0
            ? "cross-entropy, nats"
            : Numbers.count(notFinite) + " answers are not finite");
    double rate = history.imagesPerSecond();
    String rateText = rate >= 100 ? Numbers.count(Math.round(rate)) : Numbers.decimal(rate);
    tile(out, "images / s", rateText, "all executors, mean");
    boolean none = history.isEmpty();
    String epochs = none ? Numbers.NONE : Numbers.count(history.last().epoch() + 1);
    tile(out, "epochs", epochs, none ? "" : Numbers.count(images()) + " images");
    String steps = none ? Numbers.NONE : Numbers.count(history.last().step() + 1);
    tile(out, "steps", steps, none ? "" : "global batch " + Numbers.count(history.last().images()));
    out.close();
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
            .orElse("");
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
