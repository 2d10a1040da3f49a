// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.Locale;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.NumberText;

/** A confusion matrix as a table whose cells are shaded by their share of the row. */
final class HeatTable {
  /** From here on the cells get smaller. */
  private static final int DENSE = 16;

  /** From this many letters on, names need higher columns. */
  private static final int LONG_NAME = 12;

  /** What is counted. */
  enum Unit {
    SAMPLES(
        "Samples, shaded by their share of the row: right answers on the diagonal, mistakes beside"
            + " it."),
    /** So many that a cell has room for their share only. */
    PIXELS(
        "How the pixels of a class were answered, in percent of the row: right answers on the"
            + " diagonal, mistakes beside it. Void pixels are not counted.");

    private final String caption;

    Unit(String caption) {
      this.caption = caption;
    }
  }

  private final ConfusionTable confusion;
  private final Unit unit;

  HeatTable(ConfusionTable confusion, Unit unit) {
    this.confusion = confusion;
    this.unit = unit;
  }

  void render(Markup out) {
    out.element("h3", "Confusion matrix");
    out.open("div", "class", "scroll");
    out.open("table", "class", look());
    out.open("thead").open("tr").element("th", "actual ↓ predicted →", "class", "corner");
    for (int predicted = 0; predicted < confusion.columns(); predicted++) {
      String name = confusion.name(predicted);
      out.open("th", "class", "column", "scope", "col", "title", name);
      out.element("span", name).close();
    }
    out.close().close().open("tbody");
    for (int actual = 0; actual < confusion.size(); actual++) {
      String name = confusion.name(actual);
      out.open("tr").element("th", name, "class", "row", "scope", "row", "title", name);
      for (int predicted = 0; predicted < confusion.columns(); predicted++) {
        renderCell(out, actual, predicted);
      }
      out.close();
    }
    out.close().close().close();
    out.element("figcaption", unit.caption);
  }

  private String look() {
    int longest = 0;
    for (int label = 0; label < confusion.size(); label++) {
      longest = Math.max(longest, confusion.name(label).length());
    }
    String look = confusion.size() > DENSE ? "heat dense" : "heat";
    return longest > LONG_NAME ? look + " tall" : look;
  }

  private void renderCell(Markup out, int actual, int predicted) {
    long count = confusion.count(actual, predicted);
    if (count == 0) {
      out.element("td", "");
      return;
    }
    double share = confusion.share(actual, predicted);
    // A square root, because most mistakes are a few in a hundred and would not be seen otherwise.
    double strength = actual == predicted ? 0.1 + 0.85 * share : 0.08 + 0.9 * Math.sqrt(share);
    String color = actual == predicted ? "var(--right-rgb)" : "var(--wrong-rgb)";
    out.element(
        "td",
        text(count, share),
        "class",
        strength > 0.55 ? "strong" : null,
        "style",
        String.format(Locale.ROOT, "background:rgba(%s,%.2f)", color, Math.min(1, strength)),
        "title",
        confusion.name(actual)
            + (actual == predicted ? " recognised: " : " taken for " + confusion.name(predicted))
            + (actual == predicted ? "" : ": ")
            + NumberText.count(count)
            + (unit == Unit.PIXELS ? " pixels, " : ", ")
            + NumberText.percent(share, 1));
  }

  private String text(long count, double share) {
    if (unit == Unit.SAMPLES) {
      return NumberText.shortCount(count);
    }
    double percent = 100 * share;
    return percent < 0.05
        ? "0"
        : String.format(Locale.ROOT, percent < 9.95 ? "%.1f" : "%.0f", percent);
  }
}
