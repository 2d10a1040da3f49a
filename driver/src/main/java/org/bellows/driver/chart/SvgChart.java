// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.chart;

import java.util.ArrayList;
import java.util.List;

/** A chart of curves, areas and points over two axes, as one SVG element. */
public final class SvgChart {
  private static final int TICKS_ACROSS = 7;
  private static final int TICKS_UP = 5;

  /** A vertical line with a word beside it. */
  record Marker(double x, String label, boolean low) {}

  private final String id;
  private final String description;
  private final List<ChartLayer> layers = new ArrayList<>();
  private final List<Marker> markers = new ArrayList<>();
  private int width = 540;
  private int height = 290;
  private String horizontalTitle = "";
  private String verticalTitle = "";
  private boolean logarithmic;
  private boolean fromZero;
  private double ceiling = Double.POSITIVE_INFINITY;

  /**
   * @param id unique in the page, letters and dashes
   * @param description read aloud in place of the picture
   */
  public SvgChart(String id, String description) {
    this.id = id;
    this.description = description;
  }

  public SvgChart size(int newWidth, int newHeight) {
    width = newWidth;
    height = newHeight;
    return this;
  }

  /** Titles with units. The horizontal axis counts steps or epochs, so its ticks are whole. */
  public SvgChart axes(String horizontal, String vertical) {
    horizontalTitle = horizontal;
    verticalTitle = vertical;
    return this;
  }

  public SvgChart logarithmic(boolean yes) {
    logarithmic = yes;
    return this;
  }

  /** The vertical axis begins at 0, unless it is logarithmic. */
  public SvgChart fromZero(boolean yes) {
    fromZero = yes;
    return this;
  }

  /** The vertical axis ends at about this value though a layer goes beyond. */
  public SvgChart ceiling(double value) {
    ceiling = value;
    return this;
  }

  public SvgChart add(ChartLayer layer) {
    layers.add(layer);
    return this;
  }

  /**
   * @param low whether the word is at the foot of the line: where the curve is not
   */
  public SvgChart mark(double x, String label, boolean low) {
    markers.add(new Marker(x, label, low));
    return this;
  }

  public String render() {
    Markup out = new Markup();
    out.open(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "viewBox",
        "0 0 " + width + " " + height,
        "class",
        "chart",
        "role",
        "img",
        "aria-label",
        description);
    List<ChartLayer> shown = layers.stream().filter(layer -> !layer.isEmpty()).toList();
    ValueRange horizontal = new ValueRange();
    ValueRange vertical = new ValueRange();
    for (ChartLayer layer : shown) {
      horizontal.include(layer.x());
      vertical.include(layer.low()).include(layer.high());
    }
    if (shown.isEmpty() || horizontal.isEmpty() || (logarithmic && vertical.maximum() <= 0)) {
      renderNothing(out);
    } else {
      AxisScale up = verticalScale(shown, vertical);
      AxisScale across =
          AxisScale.exact(horizontal.minimum(), horizontal.maximum(), TICKS_ACROSS, true);
      renderSomething(out, shown, across, up);
    }
    return out.close().toString();
  }

  private void renderNothing(Markup out) {
    out.empty("rect", "class", "frame", "width", "" + width, "height", "" + height, "rx", "6");
    out.element("text", "no data", "class", "nothing", "x", "" + width / 2, "y", "" + height / 2);
  }

  private void renderSomething(Markup out, List<ChartLayer> shown, AxisScale across, AxisScale up) {
    int longest = up.ticks().stream().mapToInt(tick -> up.label(tick).length()).max().orElse(0);
    int left = 34 + 7 * longest;
    SvgLegend legend = new SvgLegend(shown, left, width);
    SvgPlot plot = new SvgPlot(across, up, left, legend.height() + 8, width - 18, height - 46);
    legend.render(out);
    renderHorizontalAxis(out, plot);
    renderVerticalAxis(out, plot);
    out.open("clipPath", "id", id + "-clip");
    // A little larger than the plot, so that a line along its edge keeps its whole thickness.
    out.empty("rect", plot.bounds(3)).close();
    out.open("g", "clip-path", "url(#" + id + "-clip)");
    shown.forEach(layer -> layer.draw(out, plot));
    out.close();
    renderMarkers(out, plot);
  }

  private AxisScale verticalScale(List<ChartLayer> shown, ValueRange extent) {
    double maximum = Math.min(extent.maximum(), Math.max(ceiling, extent.minimum()));
    if (logarithmic) {
      return AxisScale.logarithmic(Math.min(maximum, smallestPositive(shown)), maximum);
    }
    double minimum = fromZero ? Math.min(0, extent.minimum()) : extent.minimum();
    return AxisScale.rounded(minimum, fromZero ? Math.max(0, maximum) : maximum, TICKS_UP);
  }

  private static double smallestPositive(List<ChartLayer> shown) {
    ValueRange positive = new ValueRange();
    for (ChartLayer layer : shown) {
      for (double value : layer.high()) {
        if (value > 0) {
          positive.include(value);
        }
      }
    }
    return positive.minimum();
  }

  private void renderHorizontalAxis(Markup out, SvgPlot plot) {
    String bottom = NumberText.coordinate(plot.bottom());
    for (double tick : plot.across().ticks()) {
      String x = NumberText.coordinate(plot.x(tick));
      String from = NumberText.coordinate(plot.top());
      out.empty("line", "class", "grid", "x1", x, "x2", x, "y1", from, "y2", bottom);
      String y = NumberText.coordinate(plot.bottom() + 16);
      out.element("text", plot.across().label(tick), "class", "tick middle", "x", x, "y", y);
    }
    out.element(
        "text",
        horizontalTitle,
        "class",
        "axis middle",
        "x",
        NumberText.coordinate((plot.left() + plot.right()) / 2.0),
        "y",
        NumberText.coordinate(height - 8));
  }

  private void renderVerticalAxis(Markup out, SvgPlot plot) {
    String left = NumberText.coordinate(plot.left());
    for (double tick : plot.up().ticks()) {
      String y = NumberText.coordinate(plot.y(tick));
      String right = NumberText.coordinate(plot.right());
      out.empty("line", "class", "grid", "x1", left, "x2", right, "y1", y, "y2", y);
      String x = NumberText.coordinate(plot.left() - 7);
      String baseline = NumberText.coordinate(plot.y(tick) + 4);
      out.element("text", plot.up().label(tick), "class", "tick end", "x", x, "y", baseline);
    }
    String middle = NumberText.coordinate((plot.top() + plot.bottom()) / 2.0);
    out.element(
        "text",
        verticalTitle,
        "class",
        "axis middle",
        "transform",
        "translate(14 " + middle + ") rotate(-90)");
  }

  private void renderMarkers(Markup out, SvgPlot plot) {
    for (Marker marker : markers) {
      double x = plot.x(marker.x());
      String place = NumberText.coordinate(x);
      String top = NumberText.coordinate(plot.top());
      String bottom = NumberText.coordinate(plot.bottom());
      out.empty("line", "class", "marker", "x1", place, "x2", place, "y1", top, "y2", bottom);
      boolean leftHalf = x < (plot.left() + plot.right()) / 2.0;
      out.element(
          "text",
          marker.label(),
          "class",
          leftHalf ? "note" : "note end",
          "x",
          NumberText.coordinate(leftHalf ? x + 5 : x - 5),
          "y",
          NumberText.coordinate(marker.low() ? plot.bottom() - 8 : plot.top() + 12));
    }
  }
}
