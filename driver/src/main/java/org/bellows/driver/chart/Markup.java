// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.chart;

import java.util.ArrayDeque;
import java.util.Deque;
import org.bellows.conf.text.PrintableText;

/**
 * Writes markup that a browser reads as HTML and a parser as XML. It closes what it opens and
 * escapes every text and attribute value, so a hostile class name stays a name.
 */
public final class Markup {
  private final StringBuilder out = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /**
   * @param attributes name, value, name, value; a null value leaves the attribute out
   */
  public Markup open(String tag, String... attributes) {
    start(tag, attributes).append('>');
    open.push(tag);
    return this;
  }

  public Markup close() {
    out.append("</").append(open.pop()).append('>');
    if (open.size() <= 4) {
      out.append('\n');
    }
    return this;
  }

  /** An element that holds only text. */
  public Markup element(String tag, String text, String... attributes) {
    start(tag, attributes).append('>');
    escape(text, out);
    out.append("</").append(tag).append('>');
    return this;
  }

  /** A void element of HTML, or an SVG shape. Other HTML elements may not be written this way. */
  public Markup empty(String tag, String... attributes) {
    start(tag, attributes).append("/>");
    return this;
  }

  public Markup text(String text) {
    escape(text, out);
    return this;
  }

  /** Adds the content of another Markup, or the style sheet. Never a text of a user. */
  public Markup raw(String trusted) {
    out.append(trusted);
    return this;
  }

  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("elements still open: " + open);
    }
    return out.toString();
  }

  public static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    escape(text, escaped);
    return escaped.toString();
  }

  private StringBuilder start(String tag, String... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      if (attributes[i + 1] != null) {
        out.append(' ').append(attributes[i]).append("=\"");
        escape(attributes[i + 1], out);
        out.append('"');
      }
    }
    return out;
  }

  private static void escape(String text, StringBuilder to) {
    if (text == null) {
      return;
    }
    // A name that changes the reading direction would change that of its surroundings, too.
    PrintableText.text(text).codePoints().forEach(point -> escape(point, to));
  }

  private static void escape(int point, StringBuilder to) {
    switch (point) {
      case '<' -> to.append("&lt;");
      case '>' -> to.append("&gt;");
      case '&' -> to.append("&amp;");
      case '"' -> to.append("&quot;");
      case '\'' -> to.append("&#39;");
      default -> to.appendCodePoint(allowed(point) ? point : 0xFFFD);
    }
  }

  /** The Char production of XML 1.0: control characters and lone surrogates cannot be written. */
  private static boolean allowed(int point) {
    return point == '\t'
        || point == '\n'
        || point == '\r'
        || (point >= 0x20 && point <= 0xD7FF)
        || (point >= 0xE000 && point <= 0xFFFD)
        || point >= 0x10000;
  }
}
