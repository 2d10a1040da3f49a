// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.Locale;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.NumberText;
import org.bellows.worker.evaluate.metric.Calibration;

/**
 * The reliability diagram: how often answers of similar confidence are right. Bars reach up to that
 * share, the diagonal is a calibrated network; the paler a bar, the fewer answers.
 */
final class CalibrationSection {
  private static final int SIDE = 250;
  private static final int LEFT = 58;
  private static final int TOP = 12;
  private static final int BOTTOM = 48;
  private static final int RIGHT = 12;
  private static final int TICKS = 5;
  private static final double PALEST = 0.25;

  private final Calibration calibration;

  CalibrationSection(Calibration calibration) {
    this.calibration = calibration;
  }

  void render(Markup out) {
    out.open("section", "class", "charts").open("figure");
    out.element("h3", "Calibration");
    renderDiagram(out);
    out.element("figcaption", caption());
    out.close().close();
  }

  private String caption() {
    return String.format(
        Locale.ROOT,
        "How often answers of a confidence are right, of %s answers. Darker bars have more of them;"
            + " the diagonal is a calibrated network. Expected calibration error: %s (15 bins, Guo"
            + " et al. 2017).",
        NumberText.count(calibration.samples()),
        NumberText.percent(calibration.expectedCalibrationError(), 1));
  }

  private void renderDiagram(Markup out) {
    out.open(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "viewBox",
        "0 0 " + (LEFT + SIDE + RIGHT) + " " + (TOP + SIDE + BOTTOM),
        "class",
        "chart",
        "role",
        "img",
        "aria-label",
        caption());
    renderAxes(out);
    renderBars(out);
    out.empty(
        "line",
        "class",
        "diagonal",
        "x1",
        x(0),
        "y1",
        y(0),
        "x2",
        x(1),
        "y2",
        y(1),
        "stroke",
        "currentColor",
        "stroke-dasharray",
        "4 4");
    out.close();
  }

  private static void renderAxes(Markup out) {
    for (int tick = 0; tick <= TICKS; tick++) {
      double share = (double) tick / TICKS;
      out.empty("line", "class", "grid", "x1", x(0), "x2", x(1), "y1", y(share), "y2", y(share));
      String label = String.valueOf(100 * tick / TICKS);
      String baseline = NumberText.coordinate(TOP + SIDE * (1 - share) + 4);
      out.element("text", label, "class", "tick end", "x", String.valueOf(LEFT - 7), "y", baseline);
      String below = String.valueOf(TOP + SIDE + 16);
      out.element("text", label, "class", "tick middle", "x", x(share), "y", below);
    }
    out.element(
        "text",
        "confidence (%)",
        "class",
        "axis middle",
        "x",
        x(0.5),
        "y",
        String.valueOf(TOP + SIDE + BOTTOM - 8));
    out.element(
        "text",
        "right answers (%)",
        "class",
        "axis middle",
        "transform",
        "translate(14 %s) rotate(-90)".formatted(y(0.5)));
  }

  private void renderBars(Markup out) {
    long most = calibration.bins().stream().mapToLong(Calibration.Bin::samples).max().orElse(1);
    double width = 1.0 / calibration.bins().size();
    for (int i = 0; i < calibration.bins().size(); i++) {
      Calibration.Bin bin = calibration.bins().get(i);
      if (bin.samples() > 0) {
        double opacity = PALEST + (1 - PALEST) * bin.samples() / most;
        out.open(
            "rect",
            "class",
            "bar",
            "x",
            x((i + 0.06) * width),
            "width",
            NumberText.coordinate(SIDE * width * 0.88),
            "y",
            y(bin.accuracy()),
            "height",
            NumberText.coordinate(SIDE * bin.accuracy()),
            "fill-opacity",
            String.format(Locale.ROOT, "%.2f", opacity));
        out.element("title", detail(bin)).close();
      }
    }
  }

  private static String detail(Calibration.Bin bin) {
    return "%s answers: confidence %s, right %s"
        .formatted(
            NumberText.count(bin.samples()),
            NumberText.percent(bin.confidence(), 1),
            NumberText.percent(bin.accuracy(), 1));
  }

  private static String x(double share) {
    return NumberText.coordinate(LEFT + SIDE * share);
  }

  private static String y(double share) {
    return NumberText.coordinate(TOP + SIDE * (1 - share));
  }
}
