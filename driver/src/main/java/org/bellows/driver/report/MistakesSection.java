// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.List;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.NumberText;
import org.bellows.worker.evaluate.Evaluation.Mistake;

/** The worst mistakes as pictures, inside the page as data. */
final class MistakesSection {
  private final List<Mistake> mistakes;
  private final ConfusionTable names;

  MistakesSection(List<Mistake> mistakes, ConfusionTable names) {
    this.mistakes = mistakes;
    this.names = names;
  }

  void render(Markup out) {
    new MistakeCards<>(Mistake::png, this::alternative, this::verdict)
        .render(
            out, mistakes, "Wrong answers with the highest loss, as the network saw the picture.");
  }

  private String alternative(Mistake mistake) {
    return names.name(mistake.actual()) + " taken for " + names.name(mistake.predicted());
  }

  private void verdict(Markup out, Mistake mistake) {
    out.open("div", "class", "verdict");
    out.element("b", names.name(mistake.predicted()), "class", "said");
    boolean isFinite = Double.isFinite(mistake.loss());
    out.text(isFinite ? " " + NumberText.percent(mistake.probability(), 1) : "").close();
    String actual = names.name(mistake.actual());
    out.open("div").text("is ").element("b", actual, "class", "is").close();
    MistakeCards.lossAndSource(out, mistake.loss(), mistake.source());
  }
}
