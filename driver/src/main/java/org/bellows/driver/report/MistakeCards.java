// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.NumberText;

/**
 * The worst wrong answers as cards with pictures, inside the page as data.
 *
 * @param <T> an answer
 * @param png its picture, which need not be one
 * @param alternative what the picture shows, for who does not see it
 * @param verdict writes what is said of the answer below its picture
 */
record MistakeCards<T>(
    Function<T, byte[]> png, Function<T, String> alternative, BiConsumer<Markup, T> verdict) {
  private static final int MOST = 24;

  /** Characters of base64 over all pictures: the page must stay small enough to send by mail. */
  private static final int MOST_CHARACTERS = 1_500_000;

  /** Up to this width, in pixels, single pixels are worth seeing. */
  private static final int SMALL = 64;

  private static final long PNG_SIGNATURE = 0x89504E470D0A1A0AL;
  private static final int WIDTH_AT = 16;
  private static final int HEADER_LENGTH = 24;

  /**
   * @param worst worst first
   */
  void render(Markup out, List<T> worst, String caption) {
    out.open("section", "class", "card").element("h3", "Worst mistakes");
    out.open("div", "class", "mistakes");
    List<T> shown = worst.subList(0, Math.min(MOST, worst.size()));
    int characters = 0;
    for (T answer : shown) {
      byte[] bytes = png.apply(answer);
      String picture = isPng(bytes) ? Base64.getEncoder().encodeToString(bytes) : "";
      characters += picture.length();
      out.open("div", "class", "mistake");
      if (picture.isEmpty() || characters > MOST_CHARACTERS) {
        out.element("div", "no picture", "class", "picture missing");
      } else {
        out.empty(
            "img",
            "class",
            isSmall(bytes) ? "picture small" : "picture",
            "src",
            "data:image/png;base64," + picture,
            "alt",
            alternative.apply(answer));
      }
      verdict.accept(out, answer);
      out.close();
    }
    out.close();
    String more =
        worst.size() > shown.size()
            ? " The first " + shown.size() + " of " + worst.size() + "."
            : "";
    out.element("p", caption + more, "class", "caption");
    out.close();
  }

  /** The last lines of a card: the loss, if it is finite, and where the picture is from. */
  static void lossAndSource(Markup out, double loss, String source) {
    if (Double.isFinite(loss)) {
      out.element("div", "loss " + NumberText.decimal(loss) + " nats", "class", "quiet");
    }
    out.element("div", source, "class", "quiet source", "title", source);
  }

  /** Of a PNG file. */
  private static boolean isSmall(byte[] png) {
    return ByteBuffer.wrap(png).getInt(WIDTH_AT) <= SMALL;
  }

  private static boolean isPng(byte[] bytes) {
    return bytes != null
        && bytes.length > HEADER_LENGTH
        && ByteBuffer.wrap(bytes).getLong() == PNG_SIGNATURE;
  }
}
