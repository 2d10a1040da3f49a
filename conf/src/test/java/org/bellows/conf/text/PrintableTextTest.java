// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.bellows.conf.BellowsException;
import org.junit.jupiter.api.Test;

class PrintableTextTest {
  @Test
  void whatATerminalWouldObeyIsWrittenOut() {
    assertThat(PrintableText.name("\u001b[31mred\u0007\u009b2J\u007f.jpg"))
        .isEqualTo("\\u001b[31mred\\u0007\\u009b2J\\u007f.jpg");
  }

  @Test
  void whatTurnsTheReadingDirectionIsWrittenOut() {
    assertThat(PrintableText.name("cat\u202egpj.exe\u2066\u200f\u061c"))
        .isEqualTo("cat\\u202egpj.exe\\u2066\\u200f\\u061c");
  }

  @Test
  void whatCannotBeSeenOrIsNoCharacterIsWrittenOut() {
    assertThat(PrintableText.name("a\u200bb\ufeffc\u2028d\ud800e"))
        .isEqualTo("a\\u200bb\\ufeffc\\u2028d\\ud800e");
    assertThat(PrintableText.name(new StringBuilder("tag").appendCodePoint(0xE0041).toString()))
        .isEqualTo("tag\\u{e0041}");
  }

  @Test
  void lettersOfAllScriptsStay() {
    String names =
        "Käse 猫 кошка קָטָן می\u200cخواهم \ud83d\udc69\u200d\ud83d\udd2c C:\\pictures\\a.jpg";
    assertThat(PrintableText.name(names)).isSameAs(names);
  }

  @Test
  void onlyTextOfOursHasLines() {
    assertThat(PrintableText.text("one\n\ttwo\rthree")).isEqualTo("one\n\ttwo\\u000dthree");
    assertThat(PrintableText.name("one\n\ttwo\r")).isEqualTo("one\\u000a\\u0009two\\u000d");
  }

  @Test
  void twiceIsAsOnce() {
    String once = PrintableText.name("\u001b]0;title\u0007");
    assertThat(PrintableText.name(once)).isEqualTo(once);
  }

  @Test
  void aMessageOfAFailureObeysNothing() {
    assertThat(BellowsException.data("there is no image /a\u001b[2J.jpg"))
        .hasMessage("there is no image /a\\u001b[2J.jpg");
  }
}
