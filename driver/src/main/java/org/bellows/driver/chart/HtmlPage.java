// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.chart;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** One page that needs no network, no script and no file beside it; well-formed XML, too. */
public final class HtmlPage {
  private static final String STYLE = style();

  private HtmlPage() {}

  /**
   * @param title of the window, escaped here
   * @param body writes the part between heading and footer
   * @return the whole page, to be written as UTF-8
   */
  public static String render(String title, Consumer<Markup> body) {
    return render(title, 0, body);
  }

  /**
   * @param refreshSeconds after which the browser asks for the page again; 0: never
   */
  public static String render(String title, int refreshSeconds, Consumer<Markup> body) {
    Markup out = new Markup();
    out.raw("<!DOCTYPE html>\n");
    out.open("html", "xmlns", "http://www.w3.org/1999/xhtml", "lang", "en");
    out.open("head").empty("meta", "charset", "utf-8");
    out.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    if (refreshSeconds > 0) {
      out.empty("meta", "http-equiv", "refresh", "content", Integer.toString(refreshSeconds));
    }
    out.element("title", title + " – Bellows");
    out.open("style").raw(STYLE).close().close();
    out.open("body").open("main");
    body.accept(out);
    out.element("footer", "Written by Bellows.");
    out.close().close().close();
    return out.toString();
  }

  /** A chart as a file of its own, with the colours that a page would give it. */
  public static String picture(String svg) {
    int end = svg.indexOf('>') + 1;
    return svg.substring(0, end) + "<style>" + STYLE + "</style>" + svg.substring(end) + "\n";
  }

  private static String style() {
    try (InputStream stream = HtmlPage.class.getResourceAsStream("page.css")) {
      if (stream == null) {
        throw new IllegalStateException("resource missing beside Page: page.css");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read resource page.css", e);
    }
  }
}
