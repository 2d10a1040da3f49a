// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.bellows.benchmark.links.OverlapRow.Round;
import org.junit.jupiter.api.Test;

class OverlapRowTest {
  private static Round round(double pass, double thenSend, double overlapped) {
    Map<PassKind, Double> seconds =
        Map.of(
            PassKind.PASS, pass,
            PassKind.THEN_SEND, thenSend,
            PassKind.THEN_BUCKETS, thenSend,
            PassKind.THEN_COPY, thenSend,
            PassKind.OVERLAPPED, overlapped);
    Map<PassKind, Double> processor = new EnumMap<>(seconds);
    processor.replaceAll((kind, of) -> of * 2);
    return new Round(seconds, processor, 0.25);
  }

  private static String line(double megabits, Round... rounds) {
    LinkPlan plan =
        new LinkPlan(List.of(1, 1), 1, rounds.length, 30, new Link(megabits, 0, 0), "lenet5", 4, 0);
    return new OverlapRow(plan, List.of(rounds)).line();
  }

  @Test
  void theHiddenShareIsOfWhatCanBeHidden() {
    assertThat(round(1, 1.5, 1.3).hiddenShare()).as("of the pass").isCloseTo(0.8, within(1e-9));
    assertThat(round(1, 1.2, 1.1).hiddenShare()).as("of the wait").isCloseTo(0.5, within(1e-9));
    assertThat(line(10, round(1, 1.2, 1.1)))
        .containsPattern("0\\.2500 +0\\.50 +0\\.\\d{4}( +\\d\\.\\d\\d){3} +0.400 0.400 0.400\n");
  }

  @Test
  void whatNoNumberCanSayIsADash() {
    assertThat(line(0, round(1, 1.2, 1.1))).as("no rate").containsPattern("0\\.50 +- +- - - ");
    assertThat(line(10, round(1, 1.2, 1.1), round(1, 0.9, 1.1), round(1, 1, 1)))
        .as("a round that waited for nothing")
        .containsPattern("0\\.2500 +- +0\\.\\d{4} +- - - ");
  }
}
