// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.check;

import org.bellows.conf.Device;
import org.bellows.conf.EvaluateSettings;
import org.bellows.conf.LossSettings;
import org.bellows.conf.OptimizerSettings;
import org.bellows.conf.Precision;
import org.bellows.conf.ScheduleSettings;
import org.bellows.conf.Settings;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.text.ValueText;
import org.bellows.conf.text.Words;

/**
 * Contradictions between keys under {@code train}, {@code optimizer}, {@code schedule} and {@code
 * sync}.
 */
final class TrainingValidator {
  private final Problems problems;

  TrainingValidator(Problems problems) {
    this.problems = problems;
  }

  void check(Settings settings) {
    checkSchedule(settings.schedule(), settings.train().epochs());
    checkCooldown(settings.schedule(), settings.train().epochs());
    checkOptimizer(settings.optimizer());
    checkSharpness(settings);
    checkEvaluation(settings.train());
    checkLoss(settings.loss());
    checkArithmetic(settings.train(), settings.evaluate());
    SyncModeLimits.of(settings.sync().mode(), problems).check(settings);
  }

  private void checkSchedule(ScheduleSettings schedule, int epochs) {
    if (schedule.decay() == ScheduleSettings.Decay.ONE_CYCLE
        && schedule.warmup() != ScheduleSettings.Warmup.NONE) {
      problems.add(
          "schedule.warmup",
          "is %s, but schedule.decay = one-cycle begins with a rise of its own; allowed: none"
              .formatted(ValueText.name(schedule.warmup())));
    } else if (schedule.warmup() != ScheduleSettings.Warmup.NONE
        && schedule.warmupEpochs() > epochs) {
      problems.add(
          "schedule.warmup-epochs",
          "is %s, longer than train.epochs = %d; allowed: 0 to %d, or auto, or schedule.warmup = none"
              .formatted(ValueText.plain(schedule.warmupEpochs()), epochs, epochs));
    }
    for (int i = 1; i < schedule.stepEpochs().size(); i++) {
      if (schedule.stepEpochs().get(i) <= schedule.stepEpochs().get(i - 1)) {
        problems.add(
            "schedule.step-epochs",
            "are %s; allowed: each greater than the one before"
                .formatted(Words.and(schedule.stepEpochs())));
        return;
      }
    }
  }

  private void checkArithmetic(TrainSettings train, EvaluateSettings evaluate) {
    if (train.convolutions() == TrainSettings.Convolutions.WINOGRAD
        && train.precision() != Precision.FLOAT32) {
      problems.add(
          "train.precision",
          "is %s, but train.convolutions = winograd computes in float32 alone; allowed: float32"
              .formatted(ValueText.name(train.precision())));
    }
    if (evaluate.convolutions() == EvaluateSettings.InferenceConvolutions.WINOGRAD
        && evaluate.precision() != Precision.FLOAT32) {
      problems.add(
          "evaluate.precision",
          "is %s, but evaluate.convolutions = winograd computes in float32 alone; allowed: float32"
              .formatted(ValueText.name(evaluate.precision())));
    }
    requireGpuForTf32("train", train.precision(), train.device());
    requireGpuForTf32("evaluate", evaluate.precision(), evaluate.device());
    boolean needsAvx512 =
        train.convolutions() == TrainSettings.Convolutions.WINOGRAD
            || train.precision() == Precision.BFLOAT16;
    if (needsAvx512 && train.instructionSet() == TrainSettings.InstructionSet.AVX2) {
      problems.add(
          "train.instruction-set",
          "is avx2, but train.convolutions = winograd and train.precision = bfloat16 need AVX-512; allowed: auto and avx512");
    }
  }

  private void requireGpuForTf32(String section, Precision precision, Device device) {
    if (precision == Precision.TF32 && device != Device.GPU) {
      problems.add(
          section + ".precision",
          "is tf32, which only GPUs compute in, but %s.device = cpu; allowed: float32 and bfloat16"
              .formatted(section));
    }
  }

  private void checkCooldown(ScheduleSettings schedule, int epochs) {
    boolean hasEnd =
        schedule.decay() == ScheduleSettings.Decay.COSINE
            || schedule.decay() == ScheduleSettings.Decay.POLYNOMIAL;
    double cooldown = schedule.cooldownEpochs();
    double warmup = schedule.warmup() == ScheduleSettings.Warmup.NONE ? 0 : schedule.warmupEpochs();
    if (cooldown > 0 && !hasEnd) {
      problems.add(
          "schedule.cooldown-epochs",
          "is %s, but schedule.decay = %s has no lowest rate to stay at; allowed: 0, or cosine or polynomial decay"
              .formatted(ValueText.plain(cooldown), ValueText.name(schedule.decay())));
    } else if (cooldown > 0 && warmup + cooldown > epochs) {
      problems.add(
          "schedule.cooldown-epochs",
          "is %s, which with %s epochs of warmup is longer than train.epochs = %d; allowed: 0 to %s"
              .formatted(
                  ValueText.plain(cooldown),
                  ValueText.plain(warmup),
                  epochs,
                  ValueText.plain(Math.max(0, epochs - warmup))));
    }
  }

  /** What is rounded on the way would not be where the parameters were moved to. */
  private void checkSharpness(Settings settings) {
    boolean isRounded = settings.sync().communicationDtype() != Settings.CommunicationDtype.FLOAT32;
    if (settings.optimizer().sharpnessRadius() > 0 && isRounded) {
      problems.add(
          "optimizer.sharpness-radius",
          "is %s, but sync.communication-dtype = %s rounds the parameters that it moves; allowed: 0, or float32"
              .formatted(
                  ValueText.plain(settings.optimizer().sharpnessRadius()),
                  ValueText.name(settings.sync().communicationDtype())));
    }
  }

  private void checkOptimizer(OptimizerSettings optimizer) {
    boolean takesDecayIn =
        optimizer.name() == OptimizerSettings.OptimizerName.LARS
            || optimizer.name() == OptimizerSettings.OptimizerName.LAMB;
    if (takesDecayIn && optimizer.isDecoupled()) {
      problems.add(
          "optimizer.weight-decay-form",
          "is decoupled, but %s takes weight decay into its trust ratio; allowed: l2"
              .formatted(ValueText.name(optimizer.name())));
    }
  }

  private void checkEvaluation(TrainSettings train) {
    if (train.evaluationDecides() && train.validationSplit().isBlank()) {
      boolean savesBest = train.save() == TrainSettings.ModelSelection.BEST;
      problems.add(
          savesBest ? "train.save" : "train.early-stopping-epochs",
          "needs evaluations, but train.validation-split is empty; name a split there, or allowed: %s"
              .formatted(savesBest ? "last" : "0"));
    }
  }

  private void checkLoss(LossSettings loss) {
    new LossFunctionLimits(problems).check(loss);
    if (loss.crossEntropyWeight() + loss.diceWeight() + loss.lovaszWeight() == 0) {
      problems.add(
          "loss.cross-entropy-weight",
          "is 0, as are loss.dice-weight and loss.lovasz-weight: nothing would be learned; allowed: more than 0 for one of them");
    }
  }
}
