// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.prepare.source.part.SourceItem;
import org.junit.jupiter.api.Test;

class SplitRulesTest {
  private static final SplitRules TENTHS =
      rules(Map.of(), Map.of("train", 0.8, "validation", 0.1, "test", 0.1));

  private static SplitRules rules(Map<String, String> paths, Map<String, Double> shares) {
    SortedMap<String, Pattern> expressions = new TreeMap<>();
    paths.forEach((split, path) -> expressions.put(split, Pattern.compile(path)));
    return new SplitRules("train", expressions, new TreeMap<>(shares));
  }

  /**
   * The first 53 bits of each path's SHA-256 as a fraction: test below 0.1, validation from 0.9.
   */
  @Test
  void theSplitIsAFunctionOfThePathAlone() {
    assertThat(TENTHS.splitOf("cat/1.jpg")).isEqualTo("train");
    assertThat(TENTHS.splitOf("cat/2.jpg")).isEqualTo("train");
    assertThat(TENTHS.splitOf("K\u00e4se/\u00fc.png")).isEqualTo("train");
    assertThat(TENTHS.splitOf("cat/3.jpg")).isEqualTo("test");
    assertThat(TENTHS.splitOf("cat/9.jpg")).isEqualTo("validation");
    assertThat(TENTHS.splitOf("cat/13.jpg")).isEqualTo("test");
    assertThat(TENTHS.splitOf("cat/21.jpg")).isEqualTo("validation");
  }

  @Test
  void eachClassIsDividedByTheSameShares() {
    for (String name : new String[] {"cat", "dog", "bird"}) {
      Map<String, Integer> counts = new TreeMap<>();
      for (int i = 0; i < 10_000; i++) {
        counts.merge(TENTHS.splitOf(name + "/" + i + ".jpg"), 1, Integer::sum);
      }
      // Three standard deviations of a binomial distribution.
      assertThat(counts.get("train")).isCloseTo(8000, within(120));
      assertThat(counts.get("validation")).isCloseTo(1000, within(90));
      assertThat(counts.get("test")).isCloseTo(1000, within(90));
    }
  }

  @Test
  void onlyTheOneSplitIsDivided() {
    SourceItem item = SourceItem.of("train", "cat/1.jpg", "cat", 7, null);
    SplitRules halves = rules(Map.of(), Map.of("a", 0.5, "b", 0.5));
    assertThat(halves.divided(item).split()).isIn("a", "b");
    assertThat(halves.divided(item).inSplit("train")).isEqualTo(item);
    SourceItem other = item.inSplit("test");
    assertThat(halves.divided(other)).isEqualTo(other);
    assertThatThrownBy(() -> TENTHS.divided(other))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "prepare.split divides split train and names test, but the source has a split test of"
                + " its own (cat/1.jpg); leave it out of prepare.split")
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.CONFIGURATION);
    assertThatThrownBy(() -> rules(Map.of("test", "cat/.*"), Map.of()).divided(other))
        .hasMessageStartingWith("prepare.split-paths divides split train and names test, but");
  }

  /** The whole path; others are divided by their hashes, or stay. */
  @Test
  void whatIsNamedByAnExpressionIsInItsSplit() {
    SplitRules last = rules(Map.of("test", "image/2[4-9][.]png"), Map.of());
    assertThat(last.splitOf("image/24.png")).isEqualTo("test");
    assertThat(last.splitOf("image/29.png")).isEqualTo("test");
    assertThat(last.splitOf("image/23.png")).isEqualTo("train");
    assertThat(last.splitOf("image/124.png")).isEqualTo("train");
    assertThat(last.splitOf("an/image/24.png")).isEqualTo("train");
    SplitRules both = rules(Map.of("test", "cat/1[.]jpg"), TENTHS.shares());
    assertThat(both.splitOf("cat/1.jpg")).isEqualTo("test");
    assertThat(both.splitOf("cat/2.jpg")).isEqualTo("train");
    assertThat(both.splitOf("cat/9.jpg")).isEqualTo("validation");
    assertThatThrownBy(() -> rules(Map.of("a", "x.*", "b", ".*y"), Map.of()).splitOf("xy"))
        .isInstanceOf(BellowsException.class)
        .hasMessage("prepare.split-paths puts xy into the splits a and b, expected one");
  }
}
