package org.bellows.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bellows.worker.Ranks;
import org.bellows.worker.checkpoint.Checkpoint;
import org.bellows.worker.checkpoint.CheckpointStore;

/** Parts of whole runs; ranks are threads that speak over real sockets. */
final class Runs {
  private Runs() {}

  /**
   * Trains from one step, 0 or that of a checkpoint, to another, with a checkpoint at the end.
   *
   * @return the hash of the parameters, every rank's
   */
  static String train(TrainingPlan plan, int ranks, long from, long to) {
    Configuration hadoop = new Configuration();
    CheckpointStore store = new CheckpointStore(hadoop, plan.outputPath());
    Optional<Checkpoint> start = from == 0 ? Optional.empty() : Optional.of(store.read(from));
    List<String> hashes =
        Ranks.run(
            ranks,
            exchange -> {
              try (Trainer trainer = new Trainer(plan, hadoop, exchange, start)) {
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
