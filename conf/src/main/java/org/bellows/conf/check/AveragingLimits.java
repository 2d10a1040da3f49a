// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.check;

import org.bellows.conf.LossSettings;
import org.bellows.conf.Settings;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.text.ValueText;

/** Settings that do not go together with averaged parameters ({@code sync.mode = averaging}). */
final class AveragingLimits implements SyncModeLimits {
  private final Problems problems;

  AveragingLimits(Problems problems) {
    this.problems = problems;
  }

  @Override
  public void check(Settings settings) {
    if (settings.sync().communicationDtype() != Settings.CommunicationDtype.FLOAT32) {
      problems.add(
          "sync.communication-dtype",
          "is %s, but sync.mode = averaging sends parameters and optimizer state, which rounding"
                  .formatted(ValueText.name(settings.sync().communicationDtype()))
              + " would spoil; allowed: float32");
    }
    if (settings.loss().normalisation() == LossSettings.Normalisation.BATCH) {
      problems.add(
          "loss.normalisation",
          "is batch, but with sync.mode = averaging each lane takes steps of its own; allowed: picture, none");
    }
    if (settings.train().batchNormMoments() == TrainSettings.BatchNormMoments.GLOBAL_BATCH) {
      problems.add(
          "train.batch-norm-moments",
          "is global-batch, but with sync.mode = averaging each lane takes steps of its own; allowed: lane");
    }
    if (settings.optimizer().sharpnessRadius() > 0) {
      problems.add(
          "optimizer.sharpness-radius",
          "is %s, but with sync.mode = averaging each lane takes steps of its own; allowed: 0"
              .formatted(ValueText.plain(settings.optimizer().sharpnessRadius())));
    }
    int interval = settings.checkpoint().intervalSteps();
    int period = settings.sync().periodSteps();
    if (interval % period != 0) {
      problems.add(
          "checkpoint.interval-steps",
          "is %d, but parameters are averaged every sync.period-steps = %d; allowed: a multiple of %d, or 0"
              .formatted(interval, period, period));
    }
  }
}
