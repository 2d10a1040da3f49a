// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.List;
import java.util.stream.IntStream;
import org.bellows.data.manifest.PixelClass;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.NumberText;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.PixelFacts;
import org.bellows.worker.evaluate.metric.ClassScore;

/** The evaluation of a network that gives a class to each pixel. */
final class PixelSection {
  /** A matrix of more classes than this is too wide to read. */
  private static final int MOST_COLUMNS = 40;

  private final ConfusionTable confusion;
  private final PixelFacts facts;
  private final List<PixelClass> classes;

  /**
   * @param evaluation with facts on pixels
   */
  PixelSection(Evaluation evaluation, ConfusionTable confusion) {
    this.confusion = confusion;
    this.facts = evaluation.pixels();
    this.classes =
        IntStream.range(0, confusion.size())
            .mapToObj(label -> named(label, confusion.name(label)))
            .toList();
  }

  private PixelClass named(int label, String name) {
    return label < facts.classes().size()
        ? new PixelClass(name, facts.classes().get(label).colour())
        : PixelClass.of(label, name);
  }

  void render(Markup out) {
    renderLeftOut(out);
    out.open("section", "class", "charts single");
    out.open("figure");
    new PixelClassTable(confusion, facts, classes).render(out);
    out.close();
    if (confusion.size() <= MOST_COLUMNS) {
      out.open("figure");
      new HeatTable(confusion, HeatTable.Unit.PIXELS).render(out);
      out.close();
    }
    out.close();
    if (!facts.worst().isEmpty()) {
      new WorstPicturesSection(facts.worst(), classes).render(out);
    }
  }

  private void renderLeftOut(Markup out) {
    long compared = confusion.scores().stream().mapToLong(ClassScore::samples).sum();
    String undefined =
        facts.undefined().isEmpty()
            ? ""
            : " Left out of means, as neither a mask nor an answer has them: "
                + String.join(", ", facts.undefined())
                + ".";
    out.element(
        "p",
        "%s pixels compared, %s void ones left out.%s"
            .formatted(NumberText.count(compared), NumberText.count(facts.voidPixels()), undefined),
        "class",
        "quiet");
  }
}
