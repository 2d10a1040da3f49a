// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that anybody may have written, or something damaged. */
class OddJsonTest {
  record Part(String name, int count) {}

  record Whole(
      int version,
      String text,
      Integer number,
      @NullableMember Part spare,
      List<Part> parts,
      Map<String, String> texts,
      Map<String, Object> anything) {}

  private static final String SOUND =
      "{'version': 1, 'text': 'x', 'number': null, 'spare': null,"
          + " 'parts': [{'name': 'a', 'count': 1}], 'texts': {'k': 'v'},"
          + " 'anything': {'k': null}}";

  private static Whole read(String text) {
    return Json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8), Whole.class, "FILE");
  }

  @Test
  void nullStandsWhereItMayStand() {
    Whole whole = read(SOUND);
    assertThat(whole.number()).isNull();
    assertThat(whole.spare()).isNull();
    assertThat(whole.anything()).containsEntry("k", null);
    assertThat(read(new String(Json.pretty(whole), StandardCharsets.UTF_8))).isEqualTo(whole);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'text': 'x' | 'text': null | FILE is damaged: its member text is null",
        "'name': 'a' | 'name': null | FILE is damaged: its member parts[].name is null",
        "{'name': 'a', 'count': 1} | null | FILE is damaged: its member parts[] is null",
        "'parts': [{'name': 'a', 'count': 1}] | 'parts': null | its member parts is null",
        "{'k': 'v'} | {'k': null} | FILE is damaged: its member texts.k is null",
        "'version': 1 | 'version': null | Cannot map `null` into type `int`",
        "'version': 1 | 'version': 1e10 | Numeric value (1e10) out of range of int",
        "'version': 1 | 'version': 99999999999999999999 | out of range of int",
        "'text': 'x', | `` | Missing required creator property 'text'",
        "'k': null}} | 'k': null}} {} | Trailing token",
      })
  void whatIsLackingIsNamed(String part, String odd, String message) {
    String text = SOUND.replace(part, odd == null ? "" : odd);
    assertThat(text).isNotEqualTo(SOUND);
    assertThatThrownBy(() -> read(text))
        .hasMessageStartingWith("FILE ")
        .hasMessageContaining(message)
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.DATA);
  }

  @Test
  void nothingAndTooMuchAreBadData() {
    assertThatThrownBy(() -> read("null")).hasMessage("FILE holds nothing");
    String deep = "{'anything': ".repeat(5_000);
    assertThatThrownBy(() -> read(deep)).hasMessageContaining("is damaged");
    String array = "[".repeat(100_000);
    assertThatThrownBy(
            () -> Json.read(array.getBytes(StandardCharsets.UTF_8), Object.class, "FILE"))
        .hasMessageContaining("nesting depth");
  }

  @Test
  void whateverItHoldsItIsReadOrBadData() {
    byte[] sound = SOUND.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    for (int seed = 0; seed < 5_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] mutant = sound.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        mutant[random.nextInt(mutant.length)] =
            random.nextBoolean()
                ? (byte) random.nextInt(256)
                : (byte) "0-9\"[]{},nul".charAt(random.nextInt(12));
      }
      try {
        assertThat(Json.read(mutant, Whole.class, "FILE").parts()).doesNotContainNull();
      } catch (BellowsException e) {
        assertThat(e.category()).as("seed " + seed).isEqualTo(ErrorCategory.DATA);
      }
    }
  }
}
