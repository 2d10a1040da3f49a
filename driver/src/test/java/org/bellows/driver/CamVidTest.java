// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shipped recipe on the real data, smaller and shorter. */
@Tag("slow")
@Timeout(900)
class CamVidTest {
  @TempDir Path folder;

  /**
   * One class everywhere would have 0.03. Seen: 0.217 with lanes of 2, whose BatchNorm is noisier;
   * PyTorch had 0.317 at the fifth of sixteen epochs with the same network, size and rate, one
   * batch of 8.
   */
  @Test
  void unet8LearnsStreetsInFiveEpochs() throws IOException {
    Path source = RealData.folder("camvid");
    Path dataset = folder.resolve("dataset");
    Path run = folder.resolve("run");
    succeeds(
        "prepare",
        "--profile=unet16-camvid",
        "--set=source.path=" + source,
        "--set=data.path=" + dataset);
    assertThat(CommandLine.metric(dataset, "masks")).isEqualTo(468);
    succeeds(
        "train",
        "--profile=unet16-camvid",
        "--set=data.path=" + dataset,
        "--set=output.path=" + run,
        "--set=model.name=unet-8",
        "--set=model.height-pixels=96",
        "--set=model.width-pixels=128",
        "--set=train.epochs=5",
        "--set=train.lane-batch=4",
        "--set=train.evaluate-every-epochs=5",
        "--set=evaluate.mirror=true",
        "--set=loss.class-weights=[]");
    System.out.println("CamVid: " + CommandLine.result(run));
    assertThat((Double) CommandLine.metric(run, "miou")).isGreaterThan(0.18);
    assertThat(CommandLine.metric(run, "iou"))
        .asInstanceOf(InstanceOfAssertFactories.map(String.class, Double.class))
        .hasSize(11)
        .hasEntrySatisfying("road", iou -> assertThat(iou).isGreaterThan(0.5));
    for (String metric :
        new String[] {"pixel-accuracy", "mean-accuracy", "frequency-weighted-iou"}) {
      assertThat((Double) CommandLine.metric(run, metric)).as(metric).isBetween(0.25, 1.0);
    }
    // The model knows that its training showed pictures mirrored, too.
    Path again = folder.resolve("evaluation");
    succeeds(
        "evaluate",
        "--master=local[1]",
        "--set=cluster.executors=1",
        "--set=model.path=" + run,
        "--set=data.path=" + dataset,
        "--set=evaluate.split=val",
        "--set=output.path=" + again);
    assertThat(CommandLine.metric(again, "inference")).isEqualTo("resize, mirror");
    assertThat(CommandLine.metric(again, "iou")).isEqualTo(CommandLine.metric(run, "iou"));
  }

  private static void succeeds(String... args) {
    CommandLine.Said said = CommandLine.run(args);
    assertThat(said.exitCode()).as(said.err()).isZero();
  }
}
