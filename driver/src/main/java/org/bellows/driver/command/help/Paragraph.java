// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.help;

import java.util.ArrayList;
import java.util.List;

/** Text in lines that a terminal shows whole. */
public final class Paragraph {
  private Paragraph() {}

  /**
   * Breaks at spaces only: a path or a key that is longer than a line has a line of its own.
   *
   * @param width columns
   */
  public static List<String> lines(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    if (!line.isEmpty()) {
      lines.add(line.toString());
    }
    return lines;
  }
}
