// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What docs/reliability.md promises of links, for a training on Spark: two hosts of two executors.
 */
@Tag("slow")
class LinkRunsTest {
  private static final String EPOCHS = "train.epochs=12";

  /** Spark notices a partition later than the ranks, whose next attempt then waits for it. */
  private static final int SPARK_TIMEOUT_SECONDS = 15;

  /**
   * Several times the short partition of 1 s: TCP sends again after pauses that double, so that a
   * partition is felt for up to twice its length, and longer on a busy machine.
   */
  private static final int SYNC_TIMEOUT_SECONDS = 10;

  @TempDir Path folder;

  @BeforeAll
  static void needsNamespaces() {
    LinkProcessTest.needsNamespaces();
  }

  private static LinkRuns.Event after(long step, double seconds, Link link) {
    return new LinkRuns.Event(step, seconds, link);
  }

  @Test
  @Timeout(1800)
  void theBitsAreTheSameWhateverALinkDoes() throws IOException {
    SmallRun.prepare(folder, 24);
    SmallRun.undisturbed(folder, "undisturbed", List.of(EPOCHS));
    LinkRuns.Training training =
        new LinkRuns.Training(
            "run",
            List.of(
                EPOCHS,
                "sync.timeout-seconds=" + SYNC_TIMEOUT_SECONDS,
                "cluster.replace-timeout-seconds=1",
                "cluster.start-timeout-seconds=300"),
            List.of(
                after(6, 0, new Link(1000, 0.1, 1)),
                after(12, 1, new Link(20, 0.1, 0)),
                after(18, 1, LinkRuns.CUT),
                after(18, 2, LinkRuns.FAST),
                after(36, 0.2, LinkRuns.CUT)));
    LinkRuns.Outcome ended =
        LinkRuns.of(
                new LinkRuns.Script(folder.toString(), SPARK_TIMEOUT_SECONDS, List.of(training)))
            .all()
            .get(0);
    assertThat(ended.exitCode()).as(ended.said()).isZero();
    assertThat(ended.said())
        // Neither losses nor a slow link nor a short partition is a failure.
        .containsPattern("failure 1 at or after step [3-9]\\d: ")
        .containsPattern("executor \\d on 10.23.0.3 .*was lost: .*(heartbeat|worker lost)")
        .containsPattern("resumed from the checkpoint of step \\d+ on 2 executors")
        .containsPattern("steps from \\d+ on: ranks 0 and 1 on 10.23.0.2; the change took ");
    assertThat(LinkRuns.parameters(folder.resolve("run")))
        .as(ended.said())
        .isEqualTo(LinkRuns.parameters(folder.resolve("undisturbed")));
  }
}
