// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.bellows.driver.chart.ChartLayer;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.NumberText;
import org.bellows.driver.chart.Series;
import org.bellows.driver.chart.SvgChart;
import org.bellows.driver.chart.TableCells;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.LabelFacts;
import org.bellows.worker.evaluate.label.LabelCurve;
import org.bellows.worker.evaluate.label.LabelScore;

/** The evaluation of a network that gives a sample any number of classes. */
final class LabelSection {
  private static final int MOST_ROWS = 2000;
  private static final int CURVES_A_CHART = 4;
  private static final List<String> LOOKS = List.of("first", "second", "third", "fourth");

  private final Evaluation evaluation;
  private final LabelFacts facts;

  /**
   * @param evaluation with facts on labels
   */
  LabelSection(Evaluation evaluation) {
    this.evaluation = evaluation;
    this.facts = evaluation.labels();
  }

  void render(Markup out) {
    if (!facts.withoutPositives().isEmpty()) {
      out.element(
          "p",
          "Left out of mAP and of macro means, as no image is of them: %s."
              .formatted(String.join(", ", facts.withoutPositives())),
          "class",
          "quiet");
    }
    renderCurves(out);
    out.open("section", "class", "charts single").open("figure");
    renderTable(out);
    out.close().close();
    if (!facts.worst().isEmpty()) {
      new WorstAnswersSection(facts.worst(), evaluation.classes()).render(out);
    }
  }

  private void renderCurves(Markup out) {
    List<LabelCurve> curves = facts.curves();
    if (curves.isEmpty()) {
      return;
    }
    out.open("section", "class", "charts");
    if (curves.size() <= CURVES_A_CHART) {
      renderCurves(out, "precision-recall", "Precision by recall", curves);
    } else {
      int second = Math.max(CURVES_A_CHART, curves.size() - CURVES_A_CHART);
      renderCurves(
          out,
          "precision-recall-best",
          "Precision by recall: highest average precision",
          curves.subList(0, CURVES_A_CHART));
      renderCurves(
          out,
          "precision-recall-worst",
          "Precision by recall: lowest average precision",
          curves.subList(second, curves.size()));
    }
    out.close();
  }

  private void renderCurves(Markup out, String id, String title, List<LabelCurve> curves) {
    SvgChart chart = new SvgChart(id, title).axes("recall (%)", "precision (%)").fromZero(true);
    for (int i = 0; i < curves.size(); i++) {
      LabelCurve curve = curves.get(i);
      chart.add(new ChartLayer.Line(series(curve), LOOKS.get(i % LOOKS.size())));
    }
    out.open("figure").element("h3", title).raw(chart.render()).close();
  }

  /** From a recall of 0 on, with the precision of the first point. */
  private Series series(LabelCurve curve) {
    double[] recall = percent(0, curve.recall());
    double[] precision = percent(curve.precision().get(0), curve.precision());
    return new Series(evaluation.classes().get(curve.label()), recall, precision);
  }

  private static double[] percent(double first, List<Double> shares) {
    return DoubleStream.concat(
            DoubleStream.of(first), shares.stream().mapToDouble(Double::doubleValue))
        .map(share -> 100 * share)
        .toArray();
  }

  private void renderTable(Markup out) {
    out.element("h3", "By class");
    out.open("div", "class", "scroll").open("table", "class", "list");
    out.open("thead").open("tr").element("th", "class", "scope", "col");
    for (String title : titles()) {
      out.element("th", title, "scope", "col", "class", "number");
    }
    out.close().close().open("tbody");
    int shown = Math.min(MOST_ROWS, facts.classes().size());
    facts.classes().subList(0, shown).forEach(score -> renderRow(out, score));
    out.close().close().close();
    String more =
        shown < facts.classes().size()
            ? " The first %d of %d classes.".formatted(shown, facts.classes().size())
            : "";
    out.element(
        "figcaption",
        "Images: those that are of the class. Precision, recall and F1 where a class is an answer"
            + " from the threshold on; best: the threshold of the largest F1 on these images."
            + " AP: average precision, over all thresholds."
            + more);
  }

  private static List<String> titles() {
    return new ArrayList<>(
        List.of(
            "images", "threshold", "precision", "recall", "F1", "best threshold", "best F1", "AP"));
  }

  private void renderRow(Markup out, LabelScore score) {
    out.open("tr");
    out.element("td", evaluation.classes().get(score.label()), "class", "name");
    number(out, NumberText.count(score.positives()));
    number(out, NumberText.decimal(score.threshold()));
    number(out, NumberText.percent(score.precision(), 1));
    number(out, NumberText.percent(score.recall(), 1));
    number(out, NumberText.percent(score.f1(), 1));
    number(out, score.positives() == 0 ? "" : NumberText.decimal(score.bestThreshold()));
    number(out, score.positives() == 0 ? "" : NumberText.percent(score.bestF1(), 1));
    TableCells.bar(out, score.averagePrecision(), "right");
    out.close();
  }

  private static void number(Markup out, String text) {
    out.element("td", text, "class", "number");
  }
}
