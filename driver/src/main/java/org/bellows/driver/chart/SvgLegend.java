// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.chart;

import java.util.ArrayList;
import java.util.List;

/** The names of a chart's layers above its plot, in as many rows as they need. */
final class SvgLegend {
  private static final int ROW = 18;
  private static final int SWATCH = 24;
  private static final int RIGHT_EDGE = 18;

  /** SVG cannot measure text without a script; this is a little more than a mean letter. */
  private static final double LETTER = 6.6;

  private final List<List<ChartLayer>> rows = new ArrayList<>();

  private final int left;

  /**
   * @param left where the rows begin
   */
  SvgLegend(List<ChartLayer> layers, int left, int width) {
    this.left = left;
    double used = Double.POSITIVE_INFINITY;
    for (ChartLayer layer : layers) {
      if (layer.name().isEmpty()) {
        continue;
      }
      if (used + length(layer) > width - RIGHT_EDGE - left) {
        rows.add(new ArrayList<>());
        used = 0;
      }
      rows.get(rows.size() - 1).add(layer);
      used += length(layer);
    }
  }

  int height() {
    return 6 + ROW * rows.size();
  }

  void render(Markup out) {
    for (int row = 0; row < rows.size(); row++) {
      double x = left;
      for (ChartLayer layer : rows.get(row)) {
        int y = ROW * row + 12;
        layer.drawKey(out, x, y);
        String textAt = NumberText.coordinate(x + SWATCH - 2);
        out.element("text", layer.name(), "class", "key", "x", textAt, "y", "" + y);
        x += length(layer);
      }
    }
  }

  private static double length(ChartLayer layer) {
    return SWATCH + layer.name().length() * LETTER + 12;
  }
}
