// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.ArrayList;
import java.util.List;
import org.bellows.data.manifest.PixelClass;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.NumberText;
import org.bellows.driver.chart.TableCells;
import org.bellows.worker.evaluate.PixelFacts;
import org.bellows.worker.evaluate.metric.ClassScore;

/** How well the pixels of each class are answered. */
final class PixelClassTable {
  private final ConfusionTable confusion;
  private final PixelFacts facts;
  private final List<PixelClass> classes;
  private final boolean hasPictures;
  private final boolean hasBoundaries;

  /**
   * @param classes by label
   */
  PixelClassTable(ConfusionTable confusion, PixelFacts facts, List<PixelClass> classes) {
    this.confusion = confusion;
    this.facts = facts;
    this.classes = classes;
    this.hasPictures = facts.classes().size() == classes.size();
    this.hasBoundaries = !facts.boundaryF1().isEmpty();
  }

  void render(Markup out) {
    out.element("h3", "By class");
    out.open("div", "class", "scroll").open("table", "class", "list");
    out.open("thead").open("tr").element("th", "class", "scope", "col");
    for (String title : titles()) {
      out.element("th", title, "scope", "col", "class", "number");
    }
    out.close().close().open("tbody");
    confusion.scores().forEach(score -> renderRow(out, score));
    out.close().close().close();
    out.element("figcaption", caption());
  }

  private List<String> titles() {
    List<String> titles = new ArrayList<>(List.of("pixels"));
    if (hasPictures) {
      titles.add("images");
    }
    titles.add("accuracy");
    if (hasBoundaries) {
      titles.add("boundary F1");
    }
    titles.add("IoU");
    return titles;
  }

  private String caption() {
    return "IoU: right pixels among those that are of the class or answered as it. Accuracy: right"
        + " among those that are."
        + (hasBoundaries ? " Boundary F1: mean over the images that have the class." : "")
        + (hasPictures ? " Images: those whose mask has the class." : "");
  }

  private void renderRow(Markup out, ClassScore score) {
    int label = score.label();
    PixelClass named = classes.get(label);
    out.open("tr");
    TableCells.swatch(out, named.name(), named.rgb());
    number(out, NumberText.count(score.samples()));
    if (hasPictures) {
      number(out, NumberText.count(facts.classes().get(label).pictures()));
    }
    number(out, NumberText.percent(score.recall(), 1));
    if (hasBoundaries) {
      double boundary = facts.boundaryF1().getOrDefault(named.name(), Double.NaN);
      number(out, NumberText.percent(boundary, 1));
    }
    TableCells.bar(out, score.intersectionOverUnion(), "right");
    out.close();
  }

  private static void number(Markup out, String text) {
    out.element("td", text, "class", "number");
  }
}
