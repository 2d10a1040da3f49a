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
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.collective.SingleRankCommunicator;
import org.bellows.worker.metrics.StepMetrics;
import org.bellows.worker.train.Trainer;
import org.bellows.worker.train.TrainingPlan;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * An epoch of one network of each family, at a small input, comes to the same bits as in the
 * release of November 2026. {@link #main} prints what this build comes to.
 */
@Tag("instructions")
@Timeout(300)
class StepBitsTest {
  private static final Path PINNED = Path.of("src/test/resources/compatibility/2026-11");
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

  /** At the smallest side BatchNorm of the deep ones would see one value of each picture. */
  private static final int MORE_PIXELS = 32;

  @TempDir private Path folder;

  public static void main(String[] args) {
    for (String network : Stream.concat(SMALL.stream(), LARGE.stream()).toList()) {
      long start = System.nanoTime();
      Map<String, ?> result = train(network, Path.of("/nowhere"));
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

  private void isAsPinned(String network) throws IOException {
    new PinnedBits(PINNED.resolve("steps.json")).require(network, train(network, folder));
  }

  /** 16 pictures, 2 lanes of 4: two steps. */
  static Map<String, ?> train(String network, Path output) {
    NetworkDefinition definition = NetworkRegistry.standard().get(network);
    int side = definition.smallestSide() + MORE_PIXELS;
    Settings settings =
        new SettingsLoader()
            .set(
                List.of(
                    "data.path=" + PINNED.resolve("dataset").toAbsolutePath(),
                    "output.path=" + output,
                    "model.name=" + network,
                    "model.channels=" + definition.usualInput().channels(),
                    "model.height-pixels=" + side,
                    "model.width-pixels=" + side,
                    "train.split=test",
                    "train.epochs=1",
                    "train.global-batch=8",
                    "train.lane-batch=4",
                    "schedule.warmup=none",
                    "schedule.base-lr=0.3",
                    "checkpoint.interval-steps=1000"))
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
