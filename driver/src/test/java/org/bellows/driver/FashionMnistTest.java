// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shipped recipe on the real data, as docs and README promise it. */
@Tag("slow")
@Timeout(2400)
class FashionMnistTest {
  @TempDir Path folder;

  @Test
  void lenet5ReachesNinetyPercentInTwelveEpochs() throws IOException {
    Path source = RealData.folder("fashion-mnist");
    Path dataset = folder.resolve("dataset");
    Path run = folder.resolve("run");
    succeeds("prepare", "--set=source.path=" + source, "--set=data.path=" + dataset);
    succeeds(
        "train",
        "--profile=lenet5-fashion-mnist",
        "--set=data.path=" + dataset,
        "--set=output.path=" + run);
    System.out.println("Fashion-MNIST: " + CommandLine.result(run));
    assertThat((Integer) CommandLine.metric(run, "epochs")).isLessThanOrEqualTo(12);
    assertThat((Double) CommandLine.metric(run, "top1")).isGreaterThanOrEqualTo(0.90);
  }

  private static void succeeds(String... args) {
    CommandLine.Said said = CommandLine.run(args);
    assertThat(said.exitCode()).as(said.err()).isZero();
  }
}
