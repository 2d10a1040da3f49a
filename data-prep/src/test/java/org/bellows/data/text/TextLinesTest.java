// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bellows.conf.BellowsException;
import org.junit.jupiter.api.Test;

/** Text is UTF-8 as it stands, or what is wrong is said of the line. */
class TextLinesTest {
  private static List<TextLines.Line> lines(byte[] bytes) throws IOException {
    List<TextLines.Line> lines = new ArrayList<>();
    try (TextLines text = new TextLines(new ByteArrayInputStream(bytes), "a.txt")) {
      for (TextLines.Line line = text.next(); line != null; line = text.next()) {
        lines.add(line);
      }
    }
    return lines;
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void linesEndInAnyOfThreeWays() throws IOException {
    assertThat(lines(latin("a\r\nb\n\nc\rd")))
        .extracting(TextLines.Line::number, TextLines.Line::text, TextLines.Line::end)
        .containsExactly(
            tuple(1L, "a", "\r\n"),
            tuple(2L, "b", "\n"),
            tuple(3L, "", "\n"),
            tuple(4L, "c", "\r"),
            tuple(5L, "d", ""));
    assertThat(lines(new byte[0])).isEmpty();
  }

  @Test
  void aMarkAtTheBeginningIsPassedOverAndNowhereElse() throws IOException {
    assertThat(lines("\uFEFFK\u00E4se\n\uFEFFx".getBytes(StandardCharsets.UTF_8)))
        .extracting(TextLines.Line::text)
        .containsExactly("K\u00E4se", "\uFEFFx");
    assertThatThrownBy(() -> lines("\uFEFFa".getBytes(StandardCharsets.UTF_16LE)))
        .isInstanceOf(BellowsException.class)
        .hasMessage("a.txt is UTF-16 text, expected UTF-8");
    assertThatThrownBy(() -> lines("\uFEFFa".getBytes(StandardCharsets.UTF_16BE)))
        .hasMessage("a.txt is UTF-16 text, expected UTF-8");
  }

  @Test
  void bytesThatAreNotUtf8AreToldApart() throws IOException {
    List<TextLines.Line> lines = lines(latin("K\u00E4se\nK\u00F6se\nCheese\n"));
    assertThat(lines.get(0).text()).isNotEqualTo(lines.get(1).text());
    assertThat(Utf8.problem(lines.get(0).text())).isEqualTo("is not UTF-8: byte 0xE4 after \"K\"");
    assertThat(Utf8.problem(lines.get(1).text())).isEqualTo("is not UTF-8: byte 0xF6 after \"K\"");
    assertThat(Utf8.shown(lines.get(0).text())).isEqualTo("K\\xE4se");
    assertThat(Utf8.problem(lines.get(2).text())).isNull();
    // Cut off in a character, a surrogate in UTF-8, a character in more bytes than it needs.
    for (String broken : List.of("\u00E2\u0082", "\u00ED\u00A0\u0080", "\u00C0\u00AF")) {
      assertThat(Utf8.isValid(Utf8.decode(latin(broken)))).as(broken).isFalse();
    }
  }

  @Test
  void whatIsWrittenRightStays() {
    String text = "\uFFFD K\u00E4se \uD83D\uDE00 \u65E5\u672C";
    assertThat(Utf8.decode(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
    assertThat(Utf8.problem(text)).isNull();
    assertThat(Utf8.shown(text)).isEqualTo(text);
  }

  @Test
  void aLineOfAnyLengthIsPassedOverWithoutBeingHeld() throws IOException {
    byte[] text = new byte[3 * TextLines.MOST_BYTES];
    Arrays.fill(text, (byte) 'x');
    text[1] = '\n';
    text[text.length - 2] = '\n';
    List<TextLines.Line> lines = lines(text);
    assertThat(lines).extracting(TextLines.Line::text).containsExactly("x", "", "x");
    assertThat(lines.get(1).problem())
        .isEqualTo("is a line of %d bytes, allowed are 4194304".formatted(text.length - 4));
    text[TextLines.MOST_BYTES + 2] = '\r';
    assertThat(lines(text).get(1).text()).hasSize(TextLines.MOST_BYTES);
  }
}
