// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bellows.driver.CommandLine;
import org.bellows.driver.command.FaultyCluster;
import org.bellows.driver.fault.FaultSchedule;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where Spark encrypts, the ranks do, and the bits are those of one process that has nobody to talk
 * to.
 */
@Tag("alone")
@Timeout(600)
@Tag("lines")
class EncryptedClusterTest {
  private static final Map<String, String> ENCRYPTED =
      Map.of(
          "spark.authenticate", "true",
          "spark.authenticate.secret", "only for this test",
          "spark.network.crypto.enabled", "true",
          "spark.io.encryption.enabled", "true");

  /** Lanes that meet in the middle of their passes. */
  private static final String MEETING = "--set=train.batch-norm-moments=global-batch";

  private static final String NORMS = "--set=model.name=resnet20-cifar";

  @TempDir Path folder;

  @Test
  void theBitsAreTheSameEncryptedAlsoAfterAFailure() throws IOException {
    Object alone;
    try (FaultyCluster cluster = new FaultyCluster(folder, 1, Map.of())) {
      FaultyCluster.Ended ended =
          cluster.train("alone", List.of(), MEETING, NORMS, "--set=cluster.lanes-at-once=2");
      assertThat(ended.failure()).as(ended.said()).isNull();
      alone = CommandLine.metric(ended.run(), "parameters-sha256");
    }
    try (FaultyCluster cluster = new FaultyCluster(folder, 2, ENCRYPTED)) {
      FaultyCluster.Ended ended =
          cluster.train("encrypted", List.of("rank-1 after-step-10 kill"), MEETING, NORMS);
      assertThat(ended.failure()).as(ended.said()).isNull();
      assertThat(CommandLine.metric(ended.run(), "parameters-sha256")).isEqualTo(alone);
      assertThat(ended.said()).contains("failure 1 at or after step 8");
      List<String> begins =
          cluster.faults().journal(0).stream()
              .map(FaultSchedule.Entry::what)
              .filter(what -> what.startsWith("begins"))
              .toList();
      assertThat(begins)
          .anyMatch(what -> what.endsWith("sends by [EncryptedChannel]"))
          // A rank that trains alone, as the other's successor is late, sends nothing.
          .allMatch(what -> what.matches(".* sends by \\[(EncryptedChannel)?]"));
    }
  }
}
