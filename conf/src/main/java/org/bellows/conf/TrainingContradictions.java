package org.bellows.conf;

/** What cannot be meant together under {@code train}, {@code optimizer} and {@code schedule}. */
final class TrainingContradictions {
  private final ConfigReader read;

  TrainingContradictions(ConfigReader read) {
    this.read = read;
  }

  void check(Settings settings) {
    checkSchedule(settings.schedule(), settings.train().epochs());
    checkOptimizer(settings.optimizer());
    checkEvaluation(settings.train());
    checkDevice(settings.train());
  }

  private void checkSchedule(Settings.Schedule schedule, int epochs) {
    if (schedule.decay() == Settings.Decay.ONE_CYCLE && schedule.warmup() != Settings.Warmup.NONE) {
      read.problem(
          "schedule.warmup",
          "is %s, but schedule.decay = one-cycle begins with a rise of its own; allowed: none"
              .formatted(ConfigReader.name(schedule.warmup())));
    } else if (schedule.warmup() != Settings.Warmup.NONE && schedule.warmupEpochs() > epochs) {
      read.problem(
          "schedule.warmup-epochs",
          "is %s, longer than train.epochs = %d".formatted(schedule.warmupEpochs(), epochs));
    }
    for (int i = 1; i < schedule.stepEpochs().size(); i++) {
      if (schedule.stepEpochs().get(i) <= schedule.stepEpochs().get(i - 1)) {
        read.problem(
            "schedule.step-epochs", "is " + schedule.stepEpochs() + ", allowed: rising numbers");
        return;
      }
    }
  }

  private void checkOptimizer(Settings.Optimizer optimizer) {
    if (optimizer.name() == Settings.OptimizerName.LARS && optimizer.isDecoupled()) {
      read.problem(
          "optimizer.weight-decay-form",
          "is decoupled, but lars takes weight decay into its trust ratio; allowed: l2");
    }
  }

  private void checkEvaluation(Settings.Train train) {
    if (train.evaluationDecides() && train.validationSplit().isBlank()) {
      read.problem(
          train.save() == Settings.Save.BEST ? "train.save" : "train.early-stopping-epochs",
          "needs evaluations, but train.validation-split is empty");
    }
  }

  private void checkDevice(Settings.Train train) {
    if (train.device() == Settings.TrainingDevice.GPU
        && train.stepEngine() != Settings.StepEngine.DL4J) {
      read.problem(
          "train.step-engine",
          "is %s, which computes on the CPU, but train.device is gpu; allowed: dl4j"
              .formatted(ConfigReader.name(train.stepEngine())));
    }
  }
}
