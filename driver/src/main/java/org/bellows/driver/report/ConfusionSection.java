// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.NumberText;
import org.bellows.driver.chart.SvgBars;
import org.bellows.driver.chart.TableCells;
import org.bellows.worker.evaluate.metric.ClassScore;

/** The confusions: a heat table, or the most confused pairs when classes are many. */
final class ConfusionSection {
  /** A table of more classes than this is too wide to read. */
  private static final int MOST_COLUMNS = 40;

  private static final int MOST_PAIRS = 30;

  private static final int MOST_CLASS_ROWS = 1000;

  private static final int RECALL_BARS = 20;

  private final ConfusionTable confusion;

  ConfusionSection(ConfusionTable confusion) {
    this.confusion = confusion;
  }

  void render(Markup out) {
    boolean narrow = confusion.size() <= 12;
    out.open("section", "class", narrow ? "charts" : "charts single");
    out.open("figure");
    if (confusion.size() <= MOST_COLUMNS) {
      new HeatTable(confusion, HeatTable.Unit.SAMPLES).render(out);
    } else {
      renderPairs(out);
    }
    out.close();
    if (confusion.size() > MOST_COLUMNS) {
      out.open("figure");
      renderRecalls(out);
      out.close();
    }
    out.open("figure");
    renderScores(out);
    out.close();
    out.close();
  }

  /** With many classes: how many are recognised how well. */
  private void renderRecalls(Markup out) {
    long[] classes = new long[RECALL_BARS];
    long without = 0;
    for (ClassScore score : confusion.scores()) {
      if (Double.isFinite(score.recall())) {
        classes[(int) Math.min(RECALL_BARS - 1, score.recall() * RECALL_BARS)]++;
      } else {
        without++;
      }
    }
    List<SvgBars.Bar> bars = new ArrayList<>();
    for (int bar = 0; bar < RECALL_BARS; bar++) {
      int from = 100 * bar / RECALL_BARS;
      int to = 100 * (bar + 1) / RECALL_BARS;
      String detail = "recall %d to %d %%: %s classes".formatted(from, to, count(classes[bar]));
      bars.add(new SvgBars.Bar(String.valueOf(from), detail, classes[bar]));
    }
    out.element("h3", "Classes by their recall");
    out.raw(SvgBars.render("Classes by their recall", "recall (%), from", "classes", bars));
    String others = without == 0 ? "" : " %s classes have no sample.".formatted(count(without));
    out.element("figcaption", "How many classes are recognised how well." + others);
  }

  private static String count(long value) {
    return NumberText.count(value);
  }

  private void renderPairs(Markup out) {
    List<ConfusionTable.Pair> pairs = confusion.mostConfused(MOST_PAIRS);
    out.element("h3", "Most confused pairs");
    out.open("div", "class", "scroll").open("table", "class", "list");
    head(out, "actual", "predicted", "samples", "share of actual");
    out.open("tbody");
    for (ConfusionTable.Pair pair : pairs) {
      out.open("tr");
      out.element("td", confusion.name(pair.actual()));
      out.element("td", confusion.name(pair.predicted()));
      out.element("td", NumberText.count(pair.count()), "class", "number");
      TableCells.bar(out, confusion.share(pair.actual(), pair.predicted()), "wrong");
      out.close();
    }
    out.close().close().close();
    out.element(
        "figcaption",
        "The "
            + pairs.size()
            + " most frequent confusions among "
            + NumberText.count(confusion.size())
            + " classes.");
  }

  private void renderScores(Markup out) {
    List<ClassScore> scores = confusion.scores();
    boolean many = scores.size() > MOST_COLUMNS;
    if (many) {
      scores =
          scores.stream()
              .sorted(Comparator.comparingDouble(ClassScore::f1))
              .limit(MOST_CLASS_ROWS)
              .toList();
    }
    out.element("h3", "Precision and recall by class");
    if (many) {
      renderScoreTable(out, scores.subList(0, MOST_PAIRS));
      out.open("details").element("summary", everyClass(scores.size()));
    }
    renderScoreTable(out, scores);
    if (many) {
      out.close();
    }
    String order = many ? " Lowest F1 first." : "";
    out.element(
        "figcaption",
        "Precision: right among those predicted. Recall: right among those that are. F1: harmonic"
            + " mean of both."
            + order);
  }

  private String everyClass(int rows) {
    String count = NumberText.count(rows);
    return rows == confusion.size() ? "All " + count + " classes" : "The " + count + " lowest F1";
  }

  private void renderScoreTable(Markup out, List<ClassScore> scores) {
    out.open("div", "class", "scroll").open("table", "class", "list");
    head(out, "class", "samples", "precision", "recall", "F1");
    out.open("tbody");
    for (ClassScore score : scores) {
      out.open("tr");
      out.element("td", confusion.name(score.label()), "class", "name");
      out.element("td", NumberText.count(score.samples()), "class", "number");
      out.element("td", NumberText.percent(score.precision(), 1), "class", "number");
      out.element("td", NumberText.percent(score.recall(), 1), "class", "number");
      TableCells.bar(out, score.f1(), "right");
      out.close();
    }
    out.close().close().close();
  }

  private static void head(Markup out, String... titles) {
    out.open("thead").open("tr");
    for (String title : titles) {
      boolean left = title.equals("actual") || title.equals("predicted") || title.equals("class");
      out.element("th", title, "scope", "col", "class", left ? null : "number");
    }
    out.close().close();
  }
}
