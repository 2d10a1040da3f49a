// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.chart;

import java.util.Locale;

/** Cells of tables of the look "list". */
public final class TableCells {
  private TableCells() {}

  /**
   * A share as a number over a bar of its length.
   *
   * @param share 0 to 1; NaN where there is none
   * @param look right or wrong
   */
  public static void bar(Markup out, double share, String look) {
    bar(out, share, NumberText.percent(share, 1), look, "");
  }

  /**
   * A text over a bar in a colour of its own.
   *
   * @param share of the longest bar, 0 to 1
   * @param rgb red x 65536 + green x 256 + blue
   */
  public static void bar(Markup out, double share, String text, int rgb) {
    bar(out, share, text, "own", ";background:" + colour(rgb));
  }

  private static void bar(Markup out, double share, String text, String look, String style) {
    double length = Double.isFinite(share) ? Math.max(0, Math.min(1, share)) : 0;
    // The right end of the cell is for the number.
    String width = String.format(Locale.ROOT, "width:calc((100%% - 82px)*%.3f)", length);
    out.open("td", "class", "number bar");
    out.element("i", "", "class", look, "style", width + style);
    out.element("span", text).close();
  }

  /** A name behind a square of its colour, as a cell. */
  public static void swatch(Markup out, String name, int rgb) {
    out.open("td", "class", "name");
    named(out, name, rgb);
    out.close();
  }

  /** A name behind a square of its colour. */
  public static void named(Markup out, String name, int rgb) {
    out.element("i", "", "class", "swatch", "style", "background:" + colour(rgb));
    out.text(name);
  }

  private static String colour(int rgb) {
    return "#%06x".formatted(rgb);
  }
}
