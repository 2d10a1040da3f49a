package org.bellows.models.schedule;

import java.util.List;
import org.bellows.conf.Settings;

/**
 * The learning rate of a step: linear scaling and warmup of Goyal et al., "Accurate, Large
 * Minibatch SGD: Training ImageNet in 1 Hour", 2017 (sections 2.1 and 2.2), then decay.
 *
 * <pre>
 * paper   here
 * eta     base-lr, the rate for a batch of 256
 * k eta   peak = base-lr * global-batch / 256
 * </pre>
 *
 * <p>Gradual warmup starts at min(base-lr, peak) and rises by the same amount each step, reaching
 * peak at the first step after the warmup; constant warmup stays at min(base-lr, peak) until then.
 * (The paper's batches are larger than 256, so that the minimum is always base-lr there; below 256
 * there is nothing to warm up to.) Cosine decay counts from the end of the warmup to the last step
 * (He et al., "Bag of Tricks", 2018, section 5.1): 0.5 * (1 + cos(pi * t / T)) * peak. Step decay
 * multiplies by step-factor at each step-epochs, counted from the start.
 */
public final class LearningRateSchedule {
  private static final double REFERENCE_BATCH = 256;

  private final Settings.Schedule settings;
  private final double peak;
  private final double start;
  private final double stepsPerEpoch;
  private final long warmupSteps;
  private final long totalSteps;

  /**
   * @param globalBatch samples in one update
   * @param stepsPerEpoch updates in one epoch
   * @param epochs of the whole run
   */
  public LearningRateSchedule(
      Settings.Schedule settings, int globalBatch, long stepsPerEpoch, int epochs) {
    this.settings = settings;
    double factor =
        settings.scaling() == Settings.Scaling.LINEAR ? globalBatch / REFERENCE_BATCH : 1;
    this.peak = settings.baseLr() * factor;
    this.start = Math.min(settings.baseLr(), peak);
    this.stepsPerEpoch = stepsPerEpoch;
    this.warmupSteps =
        settings.warmup() == Settings.Warmup.NONE
            ? 0
            : Math.round(settings.warmupEpochs() * stepsPerEpoch);
    this.totalSteps = stepsPerEpoch * epochs;
  }

  /**
   * @param step updates done before this one, from 0
   */
  public double at(long step) {
    if (step < warmupSteps) {
      return settings.warmup() == Settings.Warmup.CONSTANT
          ? start
          : start + (peak - start) * step / warmupSteps;
    }
    return peak * decay(step);
  }

  private double decay(long step) {
    return switch (settings.decay()) {
      case CONSTANT -> 1;
      case STEP ->
          StrictMath.pow(settings.stepFactor(), boundariesPassed(step, settings.stepEpochs()));
      case COSINE -> {
        long length = totalSteps - warmupSteps;
        yield length == 0
            ? 1
            : 0.5 * (1 + StrictMath.cos(Math.PI * (step - warmupSteps) / (double) length));
      }
    };
  }

  private int boundariesPassed(long step, List<Double> epochs) {
    int passed = 0;
    for (double epoch : epochs) {
      if (step >= Math.round(epoch * stepsPerEpoch)) {
        passed++;
      }
    }
    return passed;
  }
}
