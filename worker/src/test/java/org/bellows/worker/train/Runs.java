// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.Ranks;
import org.bellows.worker.TinyDataset;
import org.bellows.worker.checkpoint.Checkpoint;
import org.bellows.worker.checkpoint.CheckpointStore;

/** Parts of whole runs; ranks are threads that speak over real sockets. */
public final class Runs {
  /** By number of ranks. */
  private static final Map<Integer, List<Integer>> HOSTS =
      Map.of(2, List.of(1, 1), 3, List.of(2, 1), 5, List.of(1, 2, 2));

  private Runs() {}

  /**
   * Settings of runs on {@link TinyDataset}'s pictures.
   *
   * @param more assignments; the last of a key counts
   */
  public static TrainingSettings settings(
      Path data, Path output, List<String> own, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "data.path=" + data,
                "output.path=" + output,
                "model.channels=1",
                "model.height-pixels=" + TinyDataset.SIDE,
                "model.width-pixels=" + TinyDataset.SIDE));
    all.addAll(own);
    all.addAll(List.of(more));
    return TrainingSettings.of(
        new SettingsLoader()
            .set(all)
            .load(
                List.of(),
                List.of(settings -> NetworkRegistry.standard().check(settings.model()))));
  }

  /**
   * Holds that a run ends with the same bits, optimizer state too, on 1, 2, 3 and 5 ranks, on one
   * host and on several, whose exchange overlaps the backward pass, one lane or more at once, and
   * where others go on with it.
   *
   * @param resume a step that a checkpoint can be of
   * @return the hash of the parameters
   */
  static String sameOnAnyRanks(TrainingPlan plan, long resume, long end) throws IOException {
    Path state =
        Path.of(plan.outputPath(), "checkpoints", "step-%09d".formatted(end), "optimizer.bin");
    String alone = train(plan, 1, 0, end);
    byte[] stateAlone = Files.readAllBytes(state);
    for (int ranks : new int[] {2, 3, 5}) {
      train(atOnce(plan, ranks), ranks, 0, resume);
      assertThat(train(atOnce(plan, 2), 6 - ranks, resume, end))
          .as("resumed from %d ranks", ranks)
          .isEqualTo(alone);
      List<Integer> ofHosts = HOSTS.get(ranks);
      assertThat(train(plan, ofHosts, 0, end)).as("on hosts of %s", ofHosts).isEqualTo(alone);
      assertThat(Files.readAllBytes(state)).isEqualTo(stateAlone);
    }
    return alone;
  }

  /**
   * The same run with another number of lanes at once on each rank, if it has as many, and with two
   * processors of each that divide vectors.
   */
  static TrainingPlan atOnce(TrainingPlan plan, int lanes) {
    TrainingSettings all = plan.settings();
    return new TrainingPlan(
        new TrainingSettings(
            all.data(),
            all.output(),
            all.model(),
            all.augment(),
            all.train(),
            all.optimizer(),
            all.schedule(),
            all.loss(),
            all.sync(),
            all.checkpoint(),
            all.evaluate(),
            lanes,
            2,
            all.identity()),
        plan.manifest(),
        plan.teacherSha256(),
        plan.classWeights(),
        plan.positiveWeights(),
        plan.start());
  }

  /**
   * Trains from one step, 0 or that of a checkpoint, to another, with a checkpoint at the end.
   *
   * @return the hash of the parameters, every rank's
   */
  public static String train(TrainingPlan plan, int ranks, long from, long to) {
    return train(plan, List.of(ranks), from, to);
  }

  /**
   * Likewise, on hosts with addresses of their own.
   *
   * @param ofHosts ranks of each
   */
  public static String train(TrainingPlan plan, List<Integer> ofHosts, long from, long to) {
    Configuration hadoop = new Configuration();
    CheckpointStore store = new CheckpointStore(hadoop, plan.outputPath());
    Optional<Checkpoint> start = from == 0 ? Optional.empty() : Optional.of(store.read(from));
    List<String> hashes =
        Ranks.onHosts(
            ofHosts,
            communicator -> {
              try (Trainer trainer = new Trainer(plan, hadoop, communicator, start)) {
                while (trainer.step() < to) {
                  long epochEnd =
                      (trainer.step() / plan.stepsPerEpoch() + 1) * plan.stepsPerEpoch();
                  trainer.train(Math.min(epochEnd, to), metrics -> {});
                }
                trainer.checkpoint();
                trainer.awaitCheckpoint();
                return trainer.parametersSha256();
              }
            });
    assertThat(hashes).containsOnly(hashes.get(0));
    return hashes.get(0);
  }
}
