// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.NumberText;
import org.bellows.worker.evaluate.Evaluation.Mistake;

/** The worst mistakes as pictures, inside the page as data. */
final class MistakesSection {
  private static final int MOST = 24;

  /** Characters of base64 over all pictures: the page must stay small enough to send by mail. */
  private static final int MOST_CHARACTERS = 1_500_000;

  /** Up to this width, in pixels, single pixels are worth seeing. */
  private static final int SMALL = 64;

  private static final long PNG_SIGNATURE = 0x89504E470D0A1A0AL;
  private static final int WIDTH_AT = 16;
  private static final int HEADER_LENGTH = 24;

  private final List<Mistake> mistakes;
  private final ConfusionTable names;

  MistakesSection(List<Mistake> mistakes, ConfusionTable names) {
    this.mistakes = mistakes;
    this.names = names;
  }

  void render(Markup out) {
    out.open("section", "class", "card");
    out.element("h3", "Worst mistakes");
    out.open("div", "class", "mistakes");
    List<Mistake> shown = mistakes.subList(0, Math.min(MOST, mistakes.size()));
    int characters = 0;
    for (Mistake mistake : shown) {
      String picture =
          isPng(mistake.png()) ? Base64.getEncoder().encodeToString(mistake.png()) : "";
      characters += picture.length();
      render(out, mistake, characters <= MOST_CHARACTERS ? picture : "");
    }
    out.close();
    String more =
        mistakes.size() > shown.size()
            ? " The first " + shown.size() + " of " + mistakes.size() + "."
            : "";
    out.element(
        "p",
        "Wrong answers with the highest loss, as the network saw the picture." + more,
        "class",
        "caption");
    out.close();
  }

  private void render(Markup out, Mistake mistake, String picture) {
    String actual = names.name(mistake.actual());
    String predicted = names.name(mistake.predicted());
    out.open("div", "class", "mistake");
    if (picture.isEmpty()) {
      out.element("div", "no picture", "class", "picture missing");
    } else {
      out.empty(
          "img",
          "class",
          isSmall(mistake.png()) ? "picture small" : "picture",
          "src",
          "data:image/png;base64," + picture,
          "alt",
          actual + " taken for " + predicted);
    }
    out.open("div", "class", "verdict");
    out.element("b", predicted, "class", "said");
    boolean isFinite = Double.isFinite(mistake.loss());
    out.text(isFinite ? " " + NumberText.percent(mistake.probability(), 1) : "").close();
    out.open("div").text("is ").element("b", actual, "class", "is").close();
    if (isFinite) {
      out.element("div", "loss " + NumberText.decimal(mistake.loss()) + " nats", "class", "quiet");
    }
    out.element("div", mistake.source(), "class", "quiet source", "title", mistake.source());
    out.close();
  }

  /** Of a PNG file. */
  static boolean isSmall(byte[] png) {
    return ByteBuffer.wrap(png).getInt(WIDTH_AT) <= SMALL;
  }

  static boolean isPng(byte[] bytes) {
    return bytes != null
        && bytes.length > HEADER_LENGTH
        && ByteBuffer.wrap(bytes).getLong() == PNG_SIGNATURE;
  }
}
