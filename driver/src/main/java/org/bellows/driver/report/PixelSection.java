// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.List;
import java.util.stream.IntStream;
import org.bellows.data.manifest.PixelClass;
import org.bellows.driver.chart.Markup;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.metric.PixelConfusion;

/** The evaluation of a network that gives a class to each pixel. */
final class PixelSection {
  /** A table of more classes than this is too wide to stand beside another. */
  private static final int NARROW = 12;

  /** A matrix of more classes than this is too wide to read. */
  private static final int MOST_COLUMNS = 40;

  private final Evaluation evaluation;
  private final ConfusionTable confusion;

  PixelSection(Evaluation evaluation, ConfusionTable confusion) {
    this.evaluation = evaluation;
    this.confusion = confusion;
  }

  void render(Markup out) {
    List<Integer> colours =
        IntStream.range(0, confusion.size()).map(PixelClass::vocColour).boxed().toList();
    out.open("section", "class", confusion.size() <= NARROW ? "charts" : "charts single");
    out.open("figure");
    new PixelClassTable(confusion, new PixelConfusion(evaluation.confusion()), colours).render(out);
    out.close();
    if (confusion.size() <= MOST_COLUMNS) {
      out.open("figure");
      new HeatTable(confusion, HeatTable.Unit.PIXELS).render(out);
      out.close();
    }
    out.close();
  }
}
