// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.part;

import java.io.Serializable;
import java.util.Map;
import org.bellows.conf.AugmentSettings;
import org.bellows.conf.EvaluateSettings;
import org.bellows.conf.LossSettings;
import org.bellows.conf.OptimizerSettings;
import org.bellows.conf.ScheduleSettings;
import org.bellows.conf.Settings;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.identity.RunIdentity;

/**
 * The settings that the training loop reads, on the driver and on every rank. Settings that start
 * executors or watch a run stay with the driver.
 *
 * @param checkpoint when checkpoints are written, and how many are kept
 * @param evaluate how the validation split is evaluated during the run
 * @param lanesAtOnce how many lanes a rank computes at the same time, if it has as many
 * @param coresPerLane threads that compute a lane
 * @param identity key to value, of the settings that the result depends on ({@link RunIdentity})
 */
public record TrainingSettings(
    Settings.Data data,
    Settings.Output output,
    Settings.Model model,
    AugmentSettings augment,
    TrainSettings train,
    OptimizerSettings optimizer,
    ScheduleSettings schedule,
    LossSettings loss,
    Settings.Sync sync,
    Settings.Checkpoint checkpoint,
    EvaluateSettings evaluate,
    int lanesAtOnce,
    int coresPerLane,
    Map<String, String> identity)
    implements Serializable {

  public static TrainingSettings of(Settings settings) {
    return new TrainingSettings(
        settings.data(),
        settings.output(),
        settings.model(),
        settings.augment(),
        settings.train(),
        settings.optimizer(),
        settings.schedule(),
        settings.loss(),
        settings.sync(),
        settings.checkpoint(),
        settings.evaluate(),
        settings.cluster().lanesAtOnce(),
        settings.cluster().coresPerLane(),
        RunIdentity.of(settings));
  }
}
