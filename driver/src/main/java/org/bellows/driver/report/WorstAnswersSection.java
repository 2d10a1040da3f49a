// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.List;
import org.bellows.driver.chart.Markup;
import org.bellows.worker.evaluate.LabelFacts.WorstAnswer;

/** The worst wrong answers of any number of classes as pictures, inside the page as data. */
final class WorstAnswersSection {
  private final List<WorstAnswer> worst;
  private final List<String> classes;

  /**
   * @param classes names by label
   */
  WorstAnswersSection(List<WorstAnswer> worst, List<String> classes) {
    this.worst = worst;
    this.classes = classes;
  }

  void render(Markup out) {
    new MistakeCards<>(WorstAnswer::png, answer -> names(answer.actual()), this::verdict)
        .render(
            out,
            worst,
            "Wrong answers with the highest loss, as the network saw the picture. Missed: classes of"
                + " the image below their threshold; wrong: other classes above theirs.");
  }

  private void verdict(Markup out, WorstAnswer answer) {
    List<Integer> missed =
        answer.actual().stream().filter(label -> !answer.predicted().contains(label)).toList();
    List<Integer> wrong =
        answer.predicted().stream().filter(label -> !answer.actual().contains(label)).toList();
    if (!Double.isFinite(answer.loss())) {
      out.open("div", "class", "verdict").element("b", ConfusionTable.NOT_FINITE, "class", "said");
      out.close();
    }
    line(out, "missed", missed, "is");
    line(out, "wrong", wrong, "said");
    out.element("div", "is " + names(answer.actual()), "class", "quiet");
    MistakeCards.lossAndSource(out, answer.loss(), answer.source());
  }

  private void line(Markup out, String what, List<Integer> labels, String look) {
    if (!labels.isEmpty()) {
      out.open("div").text(what + " ").element("b", names(labels), "class", look).close();
    }
  }

  private String names(List<Integer> labels) {
    return labels.isEmpty()
        ? "of no class"
        : String.join(", ", labels.stream().map(classes::get).toList());
  }
}
