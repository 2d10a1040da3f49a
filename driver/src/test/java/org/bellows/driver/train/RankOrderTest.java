// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RankOrderTest {
  @Test
  void ranksOfAHostAreNeighboursAndLargeHostsComeFirst() {
    RankOrder order = RankOrder.of(List.of("a", "b", "c", "b", "a", "b"));
    assertThat(order.tasks()).containsExactly(1, 3, 5, 0, 4, 2);
    assertThat(order.byRank(List.of("a", "b", "c", "b", "a", "b")))
        .containsExactly("b", "b", "b", "a", "a", "c");
    for (int rank = 0; rank < 6; rank++) {
      assertThat(order.rank(order.tasks().get(rank))).isEqualTo(rank);
    }
  }

  @Test
  void onHostsWithOneTaskEachTheTasksAreTheRanks() {
    assertThat(RankOrder.of(List.of("c", "a", "b")).tasks()).containsExactly(0, 1, 2);
  }
}
