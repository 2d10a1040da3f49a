// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("integration")
class LinkProcessTest {
  private static final double MEGABITS = 200;
  private static final double DELAY_MILLISECONDS = 3;

  /** A pass of LeNet-5 takes some milliseconds. */
  private static final double FACTOR = 20;

  /** The backward pass of LeNet-5 takes longer on any processor. */
  private static final double LEAST_SECONDS = 1e-4;

  static void needsNamespaces() {
    String missing = SystemCommand.missing().orElse(null);
    Assumptions.assumeTrue(missing == null, () -> "links between hosts: " + missing);
  }

  /** What burst and queues let through at once is less than a tenth. */
  @Test
  @Timeout(300)
  void nothingIsFasterThanTheLinkAllowsAndAllOfItArrives() {
    needsNamespaces();
    LinkPlan plan =
        LinkPlan.ofExchange(
            List.of(2, 2), 400_000, 1, 30, new Link(MEGABITS, DELAY_MILLISECONDS, 0));
    LinkRow row = LinkProcess.row(plan);
    assertThat(row.seconds().keySet()).containsExactlyElementsOf(ExchangeKind.of(plan));
    for (ExchangeKind kind : ExchangeKind.of(plan)) {
      assertThat(row.share(kind)).as("%s", kind).isGreaterThan(0).isLessThan(1.1);
    }
    assertThat(row.emptyMilliseconds()).isGreaterThan(DELAY_MILLISECONDS * 0.9);
    assertThat(row.line()).contains("2+2", "200", "3.0");
  }

  /** Each rank sends half of 0.58 million bytes, which the link lets through in 0.23 s. */
  @Test
  @Timeout(300)
  void aNetworksGradientIsSentAfterAReplayedPassOrMeanwhileWithTheSameSums() {
    needsNamespaces();
    LinkPlan computed = new LinkPlan(List.of(1, 1), 1, 1, 30, new Link(0, 0, 0), "lenet5", 4, 0);
    Link link = new Link(10, DELAY_MILLISECONDS, 0);
    List<OverlapRow> rows =
        LinkProcess.overlapRows(
            List.of(computed, new LinkPlan(List.of(1, 1), 1, 1, 30, link, "lenet5", 4, FACTOR)));
    assertThat(rows.get(0).line()).contains("computed").containsPattern(" - +- - - ");
    OverlapRow row = rows.get(1);
    OverlapRow.Round round = row.rounds().get(0);
    assertThat(round.seconds().keySet()).containsExactly(PassKind.values());
    assertThat(round.coverSeconds())
        .as("slept through after the first gradient")
        .isGreaterThan(LEAST_SECONDS * FACTOR)
        .isLessThan(round.seconds().get(PassKind.PASS));
    assertThat(round.wait(PassKind.THEN_SEND)).isGreaterThan(0.2);
    assertThat(round.seconds().get(PassKind.OVERLAPPED)).isGreaterThan(0.2);
    assertThat(round.wait(PassKind.THEN_COPY)).as("as many bytes").isGreaterThan(0.2);
    // Counted in hundredths of a second: one kind may have taken less, all together have not.
    assertThat(round.processorSeconds()).containsOnlyKeys(PassKind.values());
    assertThat(round.processorSeconds().values().stream().mapToDouble(seconds -> seconds).sum())
        .isPositive();
    assertThat(row.line()).contains("lenet5", "1+1", "10", "3.0", "replayed");
  }
}
