// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.List;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.NumberText;
import org.bellows.driver.chart.TableCells;
import org.bellows.worker.evaluate.metric.PixelConfusion;

/** How well the pixels of each class are answered. */
final class PixelClassTable {
  private final ConfusionTable confusion;
  private final PixelConfusion pixels;
  private final List<Integer> colours;

  /**
   * @param colours by label: red x 65536 + green x 256 + blue
   */
  PixelClassTable(ConfusionTable confusion, PixelConfusion pixels, List<Integer> colours) {
    this.confusion = confusion;
    this.pixels = pixels;
    this.colours = colours;
  }

  void render(Markup out) {
    out.element("h3", "By class");
    out.open("div", "class", "scroll").open("table", "class", "list");
    out.open("thead").open("tr").element("th", "class", "scope", "col");
    for (String title : List.of("pixels", "share", "accuracy", "IoU")) {
      out.element("th", title, "scope", "col", "class", "number");
    }
    out.close().close().open("tbody");
    long all = confusion.scores().stream().mapToLong(ConfusionTable.ClassScore::samples).sum();
    confusion.scores().forEach(score -> renderRow(out, score, all));
    out.close().close().close();
    out.element(
        "figcaption",
        "IoU: right pixels among those that are of the class or answered as it. Accuracy: right"
            + " among those that are. Void pixels are not counted.");
  }

  private void renderRow(Markup out, ConfusionTable.ClassScore score, long all) {
    int label = score.label();
    out.open("tr");
    TableCells.swatch(out, confusion.name(label), colours.get(label));
    out.element("td", NumberText.count(score.samples()), "class", "number");
    double share = all == 0 ? Double.NaN : (double) score.samples() / all;
    out.element("td", NumberText.percent(share, 2), "class", "number");
    out.element("td", NumberText.percent(score.recall(), 1), "class", "number");
    TableCells.bar(out, pixels.intersectionOverUnion(label), "right");
    out.close();
  }
}
