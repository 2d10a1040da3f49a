// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.bellows.data.prepare.shard.ProgressListener.Done;
import org.junit.jupiter.api.Test;

class PrepareProgressTest {
  @Test
  void ratesAreOfThisRunOnly() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrepareProgress progress =
        new PrepareProgress(
            new ProgressLine(new PrintStream(out, true, StandardCharsets.UTF_8), false, 0.1));
    // 40,000 images were there from an earlier run.
    progress.progress(new Done(40_000, 100_000, 40_000_000, 100_000_000));
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "prepare  40,000/100,000 images  40.0/100.0 MB  0 images/s  left ?"
                + System.lineSeparator());
    assertThat(progress.text(new Done(50_000, 100_000, 50_000_000, 100_000_000), 10))
        .isEqualTo("prepare  50,000/100,000 images  50.0/100.0 MB  1,000 images/s  left 0:50");
  }
}
