// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.schedule;

import java.util.List;
import org.bellows.conf.ScheduleSettings;

/**
 * The learning rate of a step: scaling and warmup of Goyal et al., "Accurate, Large Minibatch SGD:
 * Training ImageNet in 1 Hour", 2017 (sections 2.1 and 2.2), then decay.
 *
 * <pre>
 * paper   here
 * eta     base-lr, the rate for a batch of base-batch (the paper's: 256)
 * k eta   peak = base-lr * global-batch / base-batch     (square-root: base-lr * sqrt of that;
 *                                                         Krizhevsky 2014)
 * </pre>
 *
 * <p>Gradual warmup starts at min(base-lr * warmup-start-factor, peak) and rises by the same amount
 * each step, reaching peak at the first step after the warmup; constant warmup stays at the start
 * until then. (The paper's batches are larger than its base batch, so that the minimum is always
 * base-lr there; below it there is nothing to warm up to.)
 *
 * <p>Decay of a step s, with w steps of warmup, c of cooldown, S steps of the run, T = S - w - c, t
 * = min(s - w, T), e = end-factor:
 *
 * <pre>
 * constant     peak
 * cosine       peak * (e + (1 - e) * 0.5 * (1 + cos(pi * t / T)))    He et al. 2018, section 5.1
 * polynomial   peak * (e + (1 - e) * (1 - t / T) ^ power)            You et al. 2017, power 2
 * step         peak * step-factor ^ (step-epochs passed, counted from the run's start)
 * exponential  peak * exponential-factor ^ floor(epochs from the start / exponential-epochs)
 * one-cycle    {@link OneCycle}
 * </pre>
 */
public final class LearningRateSchedule {
  private final ScheduleSettings settings;
  private final double peak;
  private final double start;
  private final double stepsPerEpoch;
  private final long warmupSteps;
  private final long totalSteps;
  private final long cooldownSteps;

  /**
   * @param globalBatch samples in one update
   * @param stepsPerEpoch updates in one epoch
   * @param epochs of the whole run
   */
  public LearningRateSchedule(
      ScheduleSettings settings, int globalBatch, long stepsPerEpoch, int epochs) {
    this.settings = settings;
    double batches = globalBatch / (double) settings.baseBatch();
    this.peak = settings.baseLr() * factor(settings.scaling(), batches);
    this.start = Math.min(settings.baseLr() * settings.warmupStartFactor(), peak);
    this.stepsPerEpoch = stepsPerEpoch;
    this.warmupSteps =
        settings.warmup() == ScheduleSettings.Warmup.NONE
            ? 0
            : Math.round(settings.warmupEpochs() * stepsPerEpoch);
    this.totalSteps = stepsPerEpoch * epochs;
    this.cooldownSteps = Math.round(settings.cooldownEpochs() * stepsPerEpoch);
  }

  private static double factor(ScheduleSettings.Scaling scaling, double batches) {
    return switch (scaling) {
      case LINEAR -> batches;
      case SQUARE_ROOT -> Math.sqrt(batches);
      case NONE -> 1;
    };
  }

  /**
   * Whether the rate is lower at first; not without a warmup, or if there is nothing to rise to.
   */
  public boolean warmsUp() {
    return warmupSteps > 0 && start < peak;
  }

  /** First step after the warmup, 0 without. */
  public long warmupSteps() {
    return warmupSteps;
  }

  /**
   * @param step updates done before this one, from 0
   */
  public double at(long step) {
    if (step < warmupSteps) {
      return settings.warmup() == ScheduleSettings.Warmup.CONSTANT
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
      case COSINE -> toEnd(0.5 * (1 + StrictMath.cos(Math.PI * done(step) / length())));
      case POLYNOMIAL ->
          toEnd(StrictMath.pow(1 - done(step) / length(), settings.polynomialPower()));
      case EXPONENTIAL ->
          StrictMath.pow(
              settings.exponentialFactor(),
              Math.floor(step / (settings.exponentialEpochs() * stepsPerEpoch)));
      case ONE_CYCLE ->
          new OneCycle(settings.cycleShare(), settings.cycleDivisor()).at(step, totalSteps);
    };
  }

  /** Steps of the decay that are done. */
  private double done(long step) {
    return Math.min(step - warmupSteps, length());
  }

  /**
   * Steps between warmup and cooldown; a run that is all warmup asks only for the rate at its end.
   */
  private double length() {
    return Math.max(1, totalSteps - warmupSteps - cooldownSteps);
  }

  private double toEnd(double left) {
    return settings.endFactor() + (1 - settings.endFactor()) * left;
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
