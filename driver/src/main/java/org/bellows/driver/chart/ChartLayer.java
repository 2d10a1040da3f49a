// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.chart;

/**
 * One thing drawn in a chart, later ones over earlier ones. A look is a class in {@code page.css},
 * where the colours of both themes stand.
 */
public sealed interface ChartLayer {
  /** For the legend; empty for a layer that belongs to a named one. */
  String name();

  /** Horizontal values, ascending. */
  double[] x();

  /** Upper vertical values, as many as x; what is not finite is a gap. */
  double[] high();

  /** Lower vertical values; the upper ones where the layer is not an area. */
  default double[] low() {
    return high();
  }

  void draw(Markup out, SvgPlot plot);

  /** Draws the sign for the legend, 16 wide, from x on, beside a text with baseline y. */
  void drawKey(Markup out, double x, int y);

  default boolean isEmpty() {
    return new Series(name(), x(), high()).finiteCount() == 0;
  }

  /** A curve. */
  record Line(Series series, String look) implements ChartLayer {
    @Override
    public String name() {
      return series.name();
    }

    @Override
    public double[] x() {
      return series.x();
    }

    @Override
    public double[] high() {
      return series.y();
    }

    @Override
    public void draw(Markup out, SvgPlot plot) {
      if (series.finiteCount() == 1) {
        new Points(series, new String[series.size()], look).draw(out, plot);
      } else {
        out.empty("path", "class", "line " + look, "d", plot.curve(series));
      }
    }

    @Override
    public void drawKey(Markup out, double x, int y) {
      String path = "M" + NumberText.coordinate(x) + " " + (y - 4) + "h16";
      out.empty("path", "class", "line " + look, "d", path);
    }
  }

  /**
   * Single values, each with a text for the pointer.
   *
   * @param labels as many as points; null for none
   */
  record Points(Series series, String[] labels, String look) implements ChartLayer {
    /** Beyond this many their dots would touch. */
    private static final int FEW = 40;

    @Override
    public String name() {
      return series.name();
    }

    @Override
    public double[] x() {
      return series.x();
    }

    @Override
    public double[] high() {
      return series.y();
    }

    @Override
    public void draw(Markup out, SvgPlot plot) {
      boolean many = series.size() > FEW;
      String radius = many ? "1.6" : "3.5";
      for (int i = 0; i < series.size(); i++) {
        if (plot.visible(series.y()[i])) {
          String x = NumberText.coordinate(plot.x(series.x()[i]));
          String y = NumberText.coordinate(plot.y(series.y()[i]));
          out.open(
              "circle", "class", (many ? "dot " : "point ") + look, "cx", x, "cy", y, "r", radius);
          if (labels[i] != null) {
            out.element("title", labels[i]);
          }
          out.close();
        }
      }
    }

    @Override
    public void drawKey(Markup out, double x, int y) {
      String center = NumberText.coordinate(x + 8);
      out.empty("circle", "class", "point " + look, "cx", center, "cy", "" + (y - 4), "r", "3.5");
    }
  }

  /** The area between two curves. */
  record Area(String name, double[] x, double[] low, double[] high, String look)
      implements ChartLayer {
    @Override
    public void draw(Markup out, SvgPlot plot) {
      out.empty("path", "class", "area " + look, "d", plot.outline(this));
    }

    @Override
    public void drawKey(Markup out, double x, int y) {
      String path = "M" + NumberText.coordinate(x) + " " + (y - 10) + "h16v11h-16Z";
      out.empty("path", "class", "area " + look, "d", path);
    }
  }
}
