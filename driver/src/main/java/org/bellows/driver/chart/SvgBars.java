// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.chart;

import java.util.List;

/** Upright bars over labels, as one SVG element. */
public final class SvgBars {
  private static final int WIDTH = 540;
  private static final int HEIGHT = 250;
  private static final int RIGHT = 12;
  private static final int TOP = 12;
  private static final int BOTTOM = 48;
  private static final int TICKS = 5;
  private static final int LABEL_WIDTH = 52;
  private static final double GAP_SHARE = 0.12;

  /**
   * One bar.
   *
   * @param label below it; left out where the bars are too narrow for all labels
   * @param detail shown when the mouse rests on it
   * @param value at least 0
   */
  public record Bar(String label, String detail, double value) {}

  private SvgBars() {}

  /**
   * @param description read aloud in place of the picture
   * @param horizontal title of the axis below, with unit
   * @param vertical title of the axis at the left, with unit
   */
  public static String render(
      String description, String horizontal, String vertical, List<Bar> bars) {
    Markup out = new Markup();
    out.open(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "viewBox",
        "0 0 " + WIDTH + " " + HEIGHT,
        "class",
        "chart",
        "role",
        "img",
        "aria-label",
        description);
    AxisScale up =
        AxisScale.rounded(0, bars.stream().mapToDouble(Bar::value).max().orElse(0), TICKS);
    int longest = up.ticks().stream().mapToInt(tick -> up.label(tick).length()).max().orElse(0);
    Frame frame = new Frame(34 + 7 * longest, up);
    frame.renderAxis(out, vertical);
    frame.renderBars(out, bars);
    out.element(
        "text",
        horizontal,
        "class",
        "axis middle",
        "x",
        NumberText.coordinate((frame.left() + WIDTH - RIGHT) / 2.0),
        "y",
        "" + (HEIGHT - 8));
    return out.close().toString();
  }

  /** Where the bars stand. */
  private record Frame(int left, AxisScale up) {
    private static final int FLOOR = HEIGHT - BOTTOM;

    double y(double value) {
      return FLOOR - up.position(value) * (FLOOR - TOP);
    }

    void renderAxis(Markup out, String title) {
      for (double tick : up.ticks()) {
        String y = NumberText.coordinate(y(tick));
        out.empty(
            "line", "class", "grid", "x1", "" + left, "x2", "" + (WIDTH - RIGHT), "y1", y, "y2", y);
        String baseline = NumberText.coordinate(y(tick) + 4);
        out.element(
            "text", up.label(tick), "class", "tick end", "x", "" + (left - 7), "y", baseline);
      }
      String middle = NumberText.coordinate((TOP + FLOOR) / 2.0);
      out.element(
          "text",
          title,
          "class",
          "axis middle",
          "transform",
          "translate(14 " + middle + ") rotate(-90)");
    }

    void renderBars(Markup out, List<Bar> bars) {
      double step = (double) (WIDTH - RIGHT - left) / Math.max(1, bars.size());
      int every = (int) Math.max(1, Math.ceil(LABEL_WIDTH / step));
      for (int i = 0; i < bars.size(); i++) {
        Bar bar = bars.get(i);
        double x = left + i * step;
        double top = y(bar.value());
        out.open(
            "rect",
            "class",
            "bar",
            "x",
            NumberText.coordinate(x + step * GAP_SHARE / 2),
            "y",
            NumberText.coordinate(top),
            "width",
            NumberText.coordinate(Math.max(1, step * (1 - GAP_SHARE))),
            "height",
            NumberText.coordinate(FLOOR - top));
        out.element("title", bar.detail()).close();
        if (i % every == 0) {
          out.element(
              "text",
              bar.label(),
              "class",
              "tick middle",
              "x",
              NumberText.coordinate(x + step / 2),
              "y",
              "" + (FLOOR + 16));
        }
      }
    }
  }
}
