// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.Ranks;
import org.bellows.worker.TinyDataset;

/**
 * What checkpoints cost, every 10 steps, one rank: none at all, waited for at once, and written
 * while steps go on, in turn. Prints medians. A main, not a test: figures depend on the machine.
 *
 * <p>Argument: network, samples of a lane batch.
 */
public final class CheckpointCost {
  private static final int STEPS = 40;
  private static final int INTERVAL = 10;
  private static final int ROUNDS = 9;

  private enum Mode {
    NONE,
    WAITED_FOR,
    MEANWHILE
  }

  private CheckpointCost() {}

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("checkpoint-cost");
    int batch = Integer.parseInt(args[1]);
    DatasetManifest manifest = TinyDataset.write(folder, STEPS * batch, 8);
    TrainingPlan plan = plan(folder, manifest, args[0], batch);
    double[][] seconds = new double[Mode.values().length][ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
      for (Mode mode : Mode.values()) {
        double measured = seconds(plan, mode);
        if (round >= 0) {
          seconds[mode.ordinal()][round] = measured;
        }
      }
    }
    for (double[] of : seconds) {
      Arrays.sort(of);
    }
    double none = seconds[0][ROUNDS / 2];
    for (Mode mode : Mode.values()) {
      double[] of = seconds[mode.ordinal()];
      System.out.printf(
          "%s %s: median %.1f ms a step (%.1f to %.1f), %.1f %% more than without%n",
          args[0],
          mode,
          of[ROUNDS / 2] / STEPS * 1e3,
          of[0] / STEPS * 1e3,
          of[ROUNDS - 1] / STEPS * 1e3,
          (of[ROUNDS / 2] / none - 1) * 100);
    }
  }

  private static TrainingPlan plan(
      Path folder, DatasetManifest manifest, String network, int batch) {
    List<String> assignments =
        new ArrayList<>(
            List.of(
                "data.path=" + folder,
                "output.path=" + folder.resolve("run"),
                "model.name=" + network,
                "model.channels=1",
                "model.height-pixels=12",
                "model.width-pixels=12",
                "train.epochs=1",
                "train.global-batch=" + batch,
                "train.lane-batch=" + batch,
                "cluster.executors=1",
                "schedule.warmup=none",
                "schedule.base-lr=0.001"));
    return new TrainingPlan(
        TrainingSettings.of(
            new SettingsLoader()
                .set(assignments)
                .load(
                    List.of(),
                    List.of(settings -> NetworkRegistry.standard().check(settings.model())))),
        manifest);
  }

  private static double seconds(TrainingPlan plan, Mode mode) {
    return Ranks.run(
            1,
            communicator -> {
              try (Trainer trainer =
                  new Trainer(plan, new Configuration(), communicator, Optional.empty())) {
                long start = System.nanoTime();
                while (trainer.step() < STEPS) {
                  trainer.train(trainer.step() + INTERVAL, metrics -> {});
                  if (mode != Mode.NONE) {
                    trainer.checkpoint();
                  }
                  if (mode == Mode.WAITED_FOR) {
                    trainer.awaitCheckpoint();
                  }
                }
                trainer.awaitCheckpoint();
                return (System.nanoTime() - start) * 1e-9;
              }
            })
        .get(0);
  }
}
