// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What docs/reliability.md promises of a link that is cut: the exchange alone. */
@Tag("slow")
class LinkFaultsTest {
  private static final Link FAST = new Link(1000, 0.5, 0);
  private static final int FLOATS = 100_000;
  private static final int SHORT_TIMEOUT = 4;

  @BeforeAll
  static void needsNamespaces() {
    LinkProcessTest.needsNamespaces();
  }

  @Test
  @Timeout(60)
  void aPartitionThatStaysIsNamedWithItsRankOnBothSides() {
    LinkPlan plan = LinkPlan.ofExchange(List.of(2, 1, 1), FLOATS, 1, SHORT_TIMEOUT, FAST);
    LinkFaults.Outcome outcome = LinkFaults.of(new LinkFaults.Fault(plan, 30, 1));
    assertThat(outcome.hosts()).hasSize(3).allMatch(said -> said.startsWith(HostProcess.FAILED));
    assertThat(outcome.hosts().get(2))
        .containsPattern("rank [0-2] at /10.23.0.[12]:\\d+ (sent nothing|did not read .*) for 4 s");
    assertThat(String.join("\n", outcome.hosts().subList(0, 2)))
        .containsPattern("rank 3 at /10.23.0.3:\\d+ (sent nothing|did not read .*) for 4 s");
  }
}
