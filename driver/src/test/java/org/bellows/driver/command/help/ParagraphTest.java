// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.help;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ParagraphTest {
  @Test
  void linesBreakAtSpacesOnly() {
    assertThat(Paragraph.lines("Needs data.path and output.path.", 12))
        .containsExactly("Needs", "data.path", "and", "output.path.");
    assertThat(Paragraph.lines(" one  two ", 80)).containsExactly("one two");
    assertThat(Paragraph.lines("a /very/long/path/of/a/file b", 10))
        .containsExactly("a", "/very/long/path/of/a/file", "b");
    assertThat(Paragraph.lines("", 80)).isEmpty();
  }

  @Test
  void aTerminalIsAsWideAsItSaysWithinLimits() {
    assertThat(TerminalWidth.of(null)).isEqualTo(80);
    assertThat(TerminalWidth.of("")).isEqualTo(80);
    assertThat(TerminalWidth.of("0")).isEqualTo(80);
    assertThat(TerminalWidth.of("wide")).isEqualTo(80);
    assertThat(TerminalWidth.of("20")).isEqualTo(60);
    assertThat(TerminalWidth.of("90")).isEqualTo(90);
    assertThat(TerminalWidth.of("200")).isEqualTo(100);
  }
}
