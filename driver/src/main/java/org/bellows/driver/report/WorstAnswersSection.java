// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.Base64;
import java.util.List;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.NumberText;
import org.bellows.worker.evaluate.LabelFacts.WorstAnswer;

/** The worst wrong answers of any number of classes as pictures, inside the page as data. */
final class WorstAnswersSection {
  private static final int MOST = 24;

  /** Characters of base64 over all pictures: the page must stay small enough to send by mail. */
  private static final int MOST_CHARACTERS = 1_500_000;

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
    out.open("section", "class", "card").element("h3", "Worst mistakes");
    out.open("div", "class", "mistakes");
    List<WorstAnswer> shown = worst.subList(0, Math.min(MOST, worst.size()));
    int characters = 0;
    for (WorstAnswer answer : shown) {
      String picture =
          MistakesSection.isPng(answer.png())
              ? Base64.getEncoder().encodeToString(answer.png())
              : "";
      characters += picture.length();
      render(out, answer, characters <= MOST_CHARACTERS ? picture : "");
    }
    out.close();
    String more =
        worst.size() > shown.size()
            ? " The first " + shown.size() + " of " + worst.size() + "."
            : "";
    out.element(
        "p",
        "Wrong answers with the highest loss, as the network saw the picture. Missed: classes of the"
            + " image below their threshold; wrong: other classes above theirs."
            + more,
        "class",
        "caption");
    out.close();
  }

  private void render(Markup out, WorstAnswer answer, String picture) {
    List<Integer> missed =
        answer.actual().stream().filter(label -> !answer.predicted().contains(label)).toList();
    List<Integer> wrong =
        answer.predicted().stream().filter(label -> !answer.actual().contains(label)).toList();
    out.open("div", "class", "mistake");
    if (picture.isEmpty()) {
      out.element("div", "no picture", "class", "picture missing");
    } else {
      out.empty(
          "img",
          "class",
          MistakesSection.isSmall(answer.png()) ? "picture small" : "picture",
          "src",
          "data:image/png;base64," + picture,
          "alt",
          names(answer.actual()));
    }
    boolean isFinite = Double.isFinite(answer.loss());
    if (!isFinite) {
      out.open("div", "class", "verdict").element("b", ConfusionTable.NOT_FINITE, "class", "said");
      out.close();
    }
    line(out, "missed", missed, "is");
    line(out, "wrong", wrong, "said");
    out.element("div", "is " + names(answer.actual()), "class", "quiet");
    if (isFinite) {
      out.element("div", "loss " + NumberText.decimal(answer.loss()) + " nats", "class", "quiet");
    }
    out.element("div", answer.source(), "class", "quiet source", "title", answer.source());
    out.close();
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
