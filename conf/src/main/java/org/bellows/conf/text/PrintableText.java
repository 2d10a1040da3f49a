// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.text;

import java.util.stream.IntStream;

/**
 * Text that may hold names from outside (paths, classes, keys, layers), fit for a terminal, a log
 * or a page: what a terminal would obey and what turns the reading direction around is written out,
 * as {@code \u001b}. Letters of all scripts stay. Applied twice it changes nothing more.
 */
public final class PrintableText {
  private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
  private static final int ZERO_WIDTH_JOINER = 0x200D;

  private PrintableText() {}

  /** Text of ours with names in it: line feeds and tabs stay. */
  public static String text(String text) {
    return escaped(text, true);
  }

  /** A name alone: it cannot begin a line of its own. */
  public static String name(String name) {
    return escaped(name, false);
  }

  private static String escaped(String text, boolean isLaidOut) {
    IntStream points = text.codePoints();
    if (points.allMatch(point -> isShown(point, isLaidOut))) {
      return text;
    }
    StringBuilder shown = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            point -> {
              if (isShown(point, isLaidOut)) {
                shown.appendCodePoint(point);
              } else {
                shown.append(written(point));
              }
            });
    return shown.toString();
  }

  private static String written(int point) {
    return point <= Character.MAX_VALUE
        ? String.format("\\u%04x", point)
        : String.format("\\u{%x}", point);
  }

  private static boolean isShown(int point, boolean isLaidOut) {
    return switch (Character.getType(point)) {
      case Character.CONTROL -> isLaidOut && (point == '\n' || point == '\t');
      // Joiners are part of words in Persian and Hindi, and of emoji.
      case Character.FORMAT -> point == ZERO_WIDTH_NON_JOINER || point == ZERO_WIDTH_JOINER;
      case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> false;
      default -> true;
    };
  }
}
