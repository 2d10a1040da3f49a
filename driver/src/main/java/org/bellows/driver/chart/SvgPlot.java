// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.chart;

/**
 * The rectangle of a chart in which its layers stand, in pixels, y downwards.
 *
 * @param across horizontal scale
 * @param up vertical scale
 */
record SvgPlot(AxisScale across, AxisScale up, int left, int top, int right, int bottom) {
  double x(double value) {
    return left + bounded(across.position(value)) * (right - left);
  }

  /** NaN when the scale cannot show the value. */
  double y(double value) {
    return bottom - bounded(up.position(value)) * (bottom - top);
  }

  boolean visible(double value) {
    return Double.isFinite(value) && Double.isFinite(up.position(value));
  }

  /** Attributes of the rectangle itself, grown by margin on each side. */
  String[] bounds(int margin) {
    return new String[] {
      "x", "" + (left - margin),
      "y", "" + (top - margin),
      "width", "" + (right - left + 2 * margin),
      "height", "" + (bottom - top + 2 * margin)
    };
  }

  /** Path data of a line that stops at each gap and continues after it. */
  String curve(Series series) {
    StringBuilder path = new StringBuilder();
    boolean drawing = false;
    for (int i = 0; i < series.size(); i++) {
      boolean visible = visible(series.y()[i]);
      if (visible) {
        boolean alone = !drawing && (i + 1 == series.size() || !visible(series.y()[i + 1]));
        append(path, drawing ? 'L' : 'M', series.x()[i], series.y()[i]);
        // A round cap makes this length of nothing a dot.
        path.append(alone ? "h0" : "");
      }
      drawing = visible;
    }
    return path.toString();
  }

  /**
   * Path data of an area: each stretch without a gap is one closed outline, along the top and back
   * along the bottom.
   */
  String outline(ChartLayer.Area area) {
    StringBuilder path = new StringBuilder();
    int from = 0;
    while (from < area.x().length) {
      int to = from;
      while (to < area.x().length && visible(area.low()[to]) && visible(area.high()[to])) {
        to++;
      }
      if (to - from == 1) {
        appendBar(path, area, from);
      } else if (to > from) {
        appendOutline(path, area, from, to);
      }
      from = to + 1;
    }
    return path.toString();
  }

  private void appendOutline(StringBuilder path, ChartLayer.Area area, int from, int to) {
    for (int i = from; i < to; i++) {
      append(path, i == from ? 'M' : 'L', area.x()[i], area.high()[i]);
    }
    for (int i = to - 1; i >= from; i--) {
      append(path, 'L', area.x()[i], area.low()[i]);
    }
    path.append('Z');
  }

  /** A place alone has no width of its own: without a bar nothing of it would be seen. */
  private void appendBar(StringBuilder path, ChartLayer.Area area, int at) {
    append(path, 'M', area.x()[at], area.high()[at]);
    path.append("m-3 0h6V").append(NumberText.coordinate(y(area.low()[at]))).append("h-6Z");
  }

  private void append(StringBuilder path, char command, double valueX, double valueY) {
    path.append(command)
        .append(NumberText.coordinate(x(valueX)))
        .append(' ')
        .append(NumberText.coordinate(y(valueY)));
  }

  /** Far outside is drawn just outside: browsers do not agree on huge coordinates. */
  private static double bounded(double position) {
    return Math.max(-1, Math.min(2, position));
  }
}
