// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.retrain;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.bellows.worker.checkpoint.Checkpoint;
import org.bellows.worker.checkpoint.CheckpointStore;
import org.bellows.worker.checkpoint.TrainingState;
import org.bellows.worker.files.FloatArrays;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.train.TrainingPlan;
import org.bellows.worker.train.update.StateArrays;

/**
 * The one place that knows how a training is made to start from a model's parameters: it finds a
 * checkpoint of step 0 in its folder, with the optimizer's state as it begins.
 */
public final class WarmStart {
  private WarmStart() {}

  /** Has no effect if the run has checkpoints already. */
  public static void place(Configuration hadoop, TrainingPlan plan, String modelPath) {
    CheckpointStore store = new CheckpointStore(hadoop, plan.outputPath());
    if (!store.steps().isEmpty()) {
      return;
    }
    float[] parameters = TrainedModel.read(hadoop, modelPath).parameters();
    TrainingState state =
        new TrainingState(
            TrainingState.FORMAT_VERSION,
            0,
            0,
            FloatArrays.sha256(parameters, parameters.length),
            plan.identity(),
            Map.of("started from", modelPath));
    store.write(
        new Checkpoint(
            state, parameters, StateArrays.of(plan.settings()).beforeTheFirstUpdate(parameters)));
  }
}
