// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.check;

import org.bellows.conf.Device;
import org.bellows.conf.LossSettings;
import org.bellows.conf.OptimizerSettings;
import org.bellows.conf.ScheduleSettings;
import org.bellows.conf.Settings;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.text.ValueText;

/**
 * Settings that dl4j-spark's trainer does not support and that must be refused ({@code sync.mode =
 * dl4j-spark}).
 */
final class Dl4jSparkLimits implements SyncModeLimits {
  /** The step engine that computes as dl4j-spark does. */
  private static final String DL4J = "dl4j";

  private final Problems problems;

  Dl4jSparkLimits(Problems problems) {
    this.problems = problems;
  }

  @Override
  public void check(Settings settings) {
    checkTrain(settings.train(), settings.cluster().executors());
    checkOptimizer(settings.optimizer());
    checkSchedule(settings.schedule());
    checkLoss(settings.loss());
    allow(settings.augment().repeats() == 1, "augment.repeats", settings.augment().repeats(), "1");
    allow(!settings.model().hasStart(), "model.from", settings.model().from(), "empty");
    allow(
        settings.sync().communicationDtype() == Settings.CommunicationDtype.FLOAT32,
        "sync.communication-dtype",
        ValueText.name(settings.sync().communicationDtype()),
        "float32");
    allow(
        settings.cluster().lanesAtOnce() == 1,
        "cluster.lanes-at-once",
        settings.cluster().lanesAtOnce(),
        "1");
  }

  private void checkTrain(TrainSettings train, int executors) {
    allow(
        train.lanes() == executors,
        "train.global-batch",
        train.globalBatch(),
        "%d, a lane of train.lane-batch = %d for each of cluster.executors = %d"
            .formatted(train.laneBatch() * executors, train.laneBatch(), executors));
    allow(train.stepEngine().equals(DL4J), "train.step-engine", train.stepEngine(), DL4J);
    allow(train.device() == Device.CPU, "train.device", ValueText.name(train.device()), "cpu");
    allow(
        train.batchNormMoments() == TrainSettings.BatchNormMoments.LANE,
        "train.batch-norm-moments",
        ValueText.name(train.batchNormMoments()),
        "lane");
    allow(
        train.nonFinite() == TrainSettings.NonFinite.STOP,
        "train.non-finite",
        ValueText.name(train.nonFinite()),
        "stop");
    allow(
        train.save() == TrainSettings.ModelSelection.LAST,
        "train.save",
        ValueText.name(train.save()),
        "last");
    allow(
        train.earlyStoppingEpochs() == 0,
        "train.early-stopping-epochs",
        train.earlyStoppingEpochs(),
        "0");
  }

  private void checkOptimizer(OptimizerSettings optimizer) {
    allow(
        switch (optimizer.name()) {
          case SGD, NESTEROV, ADAM -> true;
          case MOMENTUM, RMSPROP, ADAMW, ADABOUND, AMSBOUND, LARS, LAMB, LION -> false;
        },
        "optimizer.name",
        ValueText.name(optimizer.name()),
        "sgd, nesterov or adam");
    allow(
        optimizer.weightDecayForm() == OptimizerSettings.WeightDecayForm.L2,
        "optimizer.weight-decay-form",
        ValueText.name(optimizer.weightDecayForm()),
        "l2");
    allowZero("optimizer.weight-decay-l1", optimizer.weightDecayL1());
    allowZero("optimizer.clip-norm", optimizer.clipNorm());
    allowZero("optimizer.clip-value", optimizer.clipValue());
    allowZero("optimizer.average-decay", optimizer.averageDecay());
    allowZero("optimizer.sharpness-radius", optimizer.sharpnessRadius());
  }

  private void checkSchedule(ScheduleSettings schedule) {
    allow(
        schedule.warmup() == ScheduleSettings.Warmup.NONE,
        "schedule.warmup",
        ValueText.name(schedule.warmup()),
        "none");
    allow(
        schedule.decay() == ScheduleSettings.Decay.CONSTANT,
        "schedule.decay",
        ValueText.name(schedule.decay()),
        "constant");
    allow(
        schedule.groupRates().isEmpty(),
        "schedule.group-rates",
        "a list of " + schedule.groupRates().size(),
        "[]");
    allow(schedule.layerDecay() == 1, "schedule.layer-decay", schedule.layerDecay(), "1");
  }

  private void checkLoss(LossSettings loss) {
    allow(
        loss.function() == LossSettings.LossFunction.CROSS_ENTROPY,
        "loss.function",
        ValueText.name(loss.function()),
        "cross-entropy");
    allowZero("loss.label-smoothing", loss.labelSmoothing());
    allow(loss.classWeights().areAlike(), "loss.class-weights", loss.classWeights().spelt(), "[]");
    allow(!loss.hasTeacher(), "loss.teacher", loss.teacher(), "empty");
    allow(
        loss.isPlainOfPixels(),
        "loss",
        "another than plain cross-entropy of pixels",
        "that, which is the default");
  }

  private void allowZero(String key, double value) {
    allow(value == 0, key, value, "0");
  }

  private void allow(boolean isAllowed, String key, Object value, String allowed) {
    if (!isAllowed) {
      problems.add(
          key,
          "is %s, which sync.mode = dl4j-spark cannot do; allowed: %s".formatted(value, allowed));
    }
  }
}
