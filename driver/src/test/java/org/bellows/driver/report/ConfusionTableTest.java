// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bellows.worker.evaluate.metric.ClassScore;
import org.bellows.worker.evaluate.metric.ConfusionCounts;
import org.junit.jupiter.api.Test;

class ConfusionTableTest {
  private final ConfusionTable confusion =
      confusion(List.of("a", "b", "c"), new long[][] {{8, 2, 0}, {1, 9, 0}, {0, 0, 0}});

  @Test
  void scoresByHand() {
    ClassScore a = confusion.scores().get(0);
    assertThat(a.samples()).isEqualTo(10);
    assertThat(a.precision()).isEqualTo(8 / 9.0);
    assertThat(a.recall()).isEqualTo(0.8);
    assertThat(a.f1()).isEqualTo(16 / 19.0);
  }

  @Test
  void aClassWithoutSamplesHasNoScore() {
    ClassScore c = confusion.scores().get(2);
    assertThat(c.precision()).isNaN();
    assertThat(c.recall()).isNaN();
    assertThat(c.f1()).isNaN();
    assertThat(confusion.share(2, 0)).isZero();
  }

  @Test
  void mostConfusedFirst() {
    assertThat(confusion.mostConfused(5))
        .containsExactly(new ConfusionTable.Pair(0, 1, 2), new ConfusionTable.Pair(1, 0, 1));
    assertThat(confusion.mostConfused(1)).containsExactly(new ConfusionTable.Pair(0, 1, 2));
  }

  @Test
  void missingNamesAndCellsAreFilledIn() {
    ConfusionTable ragged = confusion(List.of("a"), new long[][] {{1, 2}, {}, {}});
    assertThat(ragged.size()).isEqualTo(3);
    assertThat(ragged.columns()).isEqualTo(3);
    assertThat(ragged.name(2)).isEqualTo("class 2");
    assertThat(ragged.count(2, 2)).isZero();
  }

  /** They are no class, and still samples that were not recognised. */
  @Test
  void answersThatAreNotFiniteAreAColumnBehindTheClasses() {
    ConfusionTable broken = confusion(List.of("a", "b"), new long[][] {{3, 0, 1}, {0, 0, 4}});
    assertThat(broken.size()).isEqualTo(2);
    assertThat(broken.columns()).isEqualTo(3);
    assertThat(broken.name(2)).isEqualTo("not finite");
    assertThat(broken.mostConfused(5))
        .containsExactly(new ConfusionTable.Pair(1, 2, 4), new ConfusionTable.Pair(0, 2, 1));
    assertThat(broken.scores()).hasSize(2);
    assertThat(broken.scores().get(0).recall()).isEqualTo(0.75);
    assertThat(broken.scores().get(0).precision()).isEqualTo(1);
    assertThat(broken.scores().get(1).recall()).isZero();
  }

  private static ConfusionTable confusion(List<String> names, long[][] counts) {
    return new ConfusionTable(
        MetricFixtures.evaluation(
            "test", 0, 0, 0, 0, names, ConfusionCounts.of(counts), List.of()));
  }
}
