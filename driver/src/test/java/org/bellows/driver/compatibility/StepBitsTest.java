// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.driver.TinyMasks;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.collective.SingleRankCommunicator;
import org.bellows.worker.metrics.StepMetrics;
import org.bellows.worker.train.Trainer;
import org.bellows.worker.train.TrainingPlan;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * An epoch of one network of each family, at a small input, comes to the same bits as in the
 * release of November 2026, networks for pixels as in the build of their README. {@link #main}
 * prints what this build comes to.
 */
@Tag("instructions")
@Timeout(300)
class StepBitsTest {
  private static final Path PINNED = Path.of("src/test/resources/compatibility/2026-11");
  private static final Path PINNED_PIXELS = Path.of("src/test/resources/compatibility/2026-11-30");
  private static final List<String> SMALL =
      List.of("lenet5-dropout", "resnet20-cifar", "nin-cifar");
  private static final List<String> LARGE =
      List.of(
          "alexnet-32-lrn",
          "alexnet-two-group",
          "vgg11-bn",
          "resnet18-zero-gamma",
          "resnet50",
          "googlenet",
          "inception-v3",
          "mobilenet-v1",
          "mobilenet-v2",
          "efficientnet-b0");

  private static final List<String> OF_PIXELS =
      List.of("unet-8", "segnet-basic", "deeplab-v3-mobilenet-v2");

  /** At the smallest side BatchNorm of the deep ones would see one value of each picture. */
  private static final int MORE_PIXELS = 32;

  @TempDir private Path folder;

  /** FOLDER, for pictures with masks. */
  public static void main(String[] args) throws IOException {
    Path masked = TinyMasks.prepare(Path.of(args[0]));
    for (String network : Stream.of(SMALL, LARGE, OF_PIXELS).flatMap(List::stream).toList()) {
      long start = System.nanoTime();
      Map<String, ?> result =
          OF_PIXELS.contains(network)
              ? trainPixels(network, masked, Path.of("/nowhere"))
              : train(network, Path.of("/nowhere"));
      System.out.printf(
          "    \"%s\": {\"parameters-sha256\": \"%s\", \"loss\": %s}, %.1f s%n",
          network,
          result.get("parameters-sha256"),
          result.get("loss"),
          (System.nanoTime() - start) * 1e-9);
    }
  }

  @ParameterizedTest
  @FieldSource("SMALL")
  void anEpochComesToThePinnedBits(String network) throws IOException {
    isAsPinned(network);
  }

  @Tag("slow")
  @ParameterizedTest
  @FieldSource("LARGE")
  void anEpochOfALargeNetworkComesToThePinnedBits(String network) throws IOException {
    isAsPinned(network);
  }

  @Tag("slow")
  @Test
  void anEpochOfNetworksForPixelsComesToThePinnedBits() throws IOException {
    Path masked = TinyMasks.prepare(folder);
    PinnedBits pins = new PinnedBits(PINNED_PIXELS.resolve("steps.json"));
    for (String network : OF_PIXELS) {
      pins.require(network, trainPixels(network, masked, folder.resolve(network)));
    }
  }

  private void isAsPinned(String network) throws IOException {
    new PinnedBits(PINNED.resolve("steps.json")).require(network, train(network, folder));
  }

  /**
   * 16 pictures, 2 lanes of 4: two steps.
   *
   * @param settings besides these, {@code key=value}
   */
  static Map<String, ?> train(String network, Path output, String... settings) {
    return train(
        network,
        PINNED.resolve("dataset").toAbsolutePath(),
        output,
        Stream.concat(
                Stream.of("train.split=test", "train.global-batch=8", "train.lane-batch=4"),
                Stream.of(settings))
            .toList());
  }

  /** 5 pictures with masks, 2 lanes of 1: two steps. */
  private static Map<String, ?> trainPixels(String network, Path dataset, Path output) {
    return train(
        network,
        dataset,
        output,
        List.of("train.split=train", "train.global-batch=2", "train.lane-batch=1"));
  }

  private static Map<String, ?> train(
      String network, Path dataset, Path output, List<String> batches) {
    NetworkDefinition definition = NetworkRegistry.standard().get(network);
    int side = definition.smallestSide() + MORE_PIXELS;
    Settings settings =
        new SettingsLoader()
            .set(
                List.of(
                    "data.path=" + dataset,
                    "output.path=" + output,
                    "model.name=" + network,
                    "model.channels=" + definition.usualInput().channels(),
                    "model.height-pixels=" + side,
                    "model.width-pixels=" + side,
                    "train.epochs=1",
                    "schedule.warmup=none",
                    "schedule.base-lr=0.3",
                    "checkpoint.interval-steps=1000"))
            .set(batches)
            .load(List.of(), List.of(run -> NetworkRegistry.standard().check(run.model())));
    Configuration hadoop = new Configuration();
    TrainingPlan plan =
        new TrainingPlan(
            TrainingSettings.of(settings), ManifestFile.read(hadoop, settings.data().path()));
    try (Trainer trainer =
        new Trainer(plan, hadoop, new SingleRankCommunicator(), Optional.empty())) {
      List<StepMetrics> steps = trainer.train(plan.stepsPerEpoch(), metrics -> {});
      assertThat(steps).hasSize(2);
      return Map.of("parameters-sha256", trainer.parametersSha256(), "loss", steps.get(0).loss());
    }
  }
}
