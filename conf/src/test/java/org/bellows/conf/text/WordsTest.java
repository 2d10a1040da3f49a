// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {
  @Test
  void listsAreWrittenAsPeopleWriteThem() {
    assertThat(Words.and(List.of())).isEqualTo("none");
    assertThat(Words.and(List.of("a"))).isEqualTo("a");
    assertThat(Words.and(List.of("a", "b"))).isEqualTo("a and b");
    assertThat(Words.and(List.of("a", "b", "c"))).isEqualTo("a, b and c");
    assertThat(Words.or(List.of("a", "b", "c"))).isEqualTo("a, b or c");
    assertThat(Words.and(List.of(30.0, 0.25))).isEqualTo("30 and 0.25");
  }

  @Test
  void ofManyTheFirstAreNamed() {
    assertThat(Words.first(3, List.of(1, 2, 3))).isEqualTo("1, 2 and 3");
    assertThat(Words.first(3, List.of(1, 2, 3, 4, 5))).isEqualTo("1, 2, 3 and 2 more");
  }
}
