// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.driver.report.MetricFixtures;
import org.bellows.driver.run.RunFolder;
import org.bellows.worker.metrics.StepMetrics;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
class LocalTensorBoardTest extends TensorBoardContract {
  @TempDir Path folder;

  @Override
  protected String root() {
    return folder.resolve("run").toString();
  }

  /** CRC-32C of these nine bytes is known from RFC 3720's polynomial: e3069283. */
  @Test
  void checksumsAreMaskedAsTensorFlowDoes() {
    byte[] bytes = "123456789".getBytes(StandardCharsets.US_ASCII);
    // Turned right by 15: 2507c60d; plus a282ead8.
    assertThat(RecordFile.maskedChecksum(bytes)).isEqualTo(0xc78ab0e5);
    assertThat(EventFiles.masked(bytes, 0, bytes.length)).isEqualTo(0xc78ab0e5);
  }

  /** The last six steps are repeated by the next attempt. */
  @Test
  void manySegmentsAreFewFilesThatHoldEveryStep() throws IOException {
    TensorBoardLog log = open();
    log.onAttempt(1, 1, 0);
    for (int step = 0; step < 66; step++) {
      log.onSegmentDone(steps(step, step + 1, 0), List.of());
    }
    TensorBoardLog next = open();
    next.onAttempt(1, 1, 60);
    next.onSegmentDone(steps(60, 61, 100), List.of());
    assertThat(folder.resolve("run/tensorboard").toFile().list())
        .containsExactlyInAnyOrder(
            "events.out.tfevents.0000000000-0000000063.bellows",
            "events.out.tfevents.0000000064.bellows",
            "events.out.tfevents.0000000065.bellows",
            "events.out.tfevents.0000000066.bellows");
    org.apache.hadoop.fs.Path events = new org.apache.hadoop.fs.Path(root(), "tensorboard");
    assertThat(EventFiles.curves(events).get("train/loss"))
        .hasSize(61)
        .containsEntry(61L, List.of(160f));
    assertThat(EventFiles.read(events).stream().filter(EventFiles.Event::start))
        .singleElement()
        .extracting(EventFiles.Event::step)
        .isEqualTo(61L);
  }

  /** A file stands where the folder should be. */
  @Test
  void aRunGoesOnWhereNothingCanBeWritten() throws IOException {
    RunFolder run = RunFolder.claim(new Configuration(), root(), "train");
    Files.createDirectories(folder.resolve("run"));
    Files.writeString(folder.resolve("run/tensorboard"), "in the way");
    TensorBoardLog log = new TensorBoardLog(run);
    log.onAttempt(1, 1, 0);
    log.onSegmentDone(List.of(new StepMetrics(0, 0, 1, 1, 1, 1, 0, 0, 0)), List.of());
    log.onEvaluation(MetricFixtures.epoch(1, 1, 1, 1, 1, 0));
    assertThat(folder.resolve("run/tensorboard")).hasContent("in the way");
  }
}
