// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

import java.io.Serializable;
import java.util.List;

/**
 * {@code schedule}: the learning rate of each step. Meaning and unit of each value are in {@code
 * reference.conf}.
 */
public record ScheduleSettings(
    @Key(identity = Identity.ALWAYS, min = 0, max = 1000) double baseLr,
    @Key(identity = Identity.ALWAYS, min = 1, max = 1_048_576) int baseBatch,
    @Key(identity = Identity.ALWAYS) Scaling scaling,
    @Key(identity = Identity.ALWAYS) Warmup warmup,
    @Key(identity = Identity.ALWAYS, min = 0, max = 100_000, mayBeAuto = true) double warmupEpochs,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1000) double warmupStartFactor,
    @Key(identity = Identity.ALWAYS, min = 0, max = 100_000) double cooldownEpochs,
    @Key(identity = Identity.ALWAYS) Decay decay,
    @Key(identity = Identity.ALWAYS, min = 0, max = 100_000) List<Double> stepEpochs,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1) double stepFactor,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1) double exponentialFactor,
    @Key(identity = Identity.ALWAYS, min = 0.001, max = 100_000) double exponentialEpochs,
    @Key(identity = Identity.ALWAYS, min = 0, max = 100) double polynomialPower,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1) double endFactor,
    @Key(identity = Identity.ALWAYS, min = 0.01, max = 1) double cycleShare,
    @Key(identity = Identity.ALWAYS, min = 1, max = 1_000_000_000) double cycleDivisor,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1000) List<LayerValue> groupRates,
    @Key(identity = Identity.ALWAYS, min = 0.01, max = 1) double layerDecay)
    implements Serializable {
  /** Length of a warmup for which no number is given, in epochs. */
  private static final double USUAL_WARMUP = 5;

  /** A shorter run warms up for its length divided by this. */
  private static final double PART_OF_A_SHORT_RUN = 10;

  /**
   * With a number of epochs where {@code warmup-epochs} is {@code auto}.
   *
   * @param epochs of the run
   */
  public ScheduleSettings forRunOf(int epochs) {
    return Double.isNaN(warmupEpochs) ? withWarmupOf(usualWarmup(epochs)) : this;
  }

  /** The number is part of a run's identity, also of a run that has no warmup. */
  private double usualWarmup(int epochs) {
    boolean fits = warmup == Warmup.NONE || epochs >= USUAL_WARMUP;
    return fits ? USUAL_WARMUP : epochs / PART_OF_A_SHORT_RUN;
  }

  private ScheduleSettings withWarmupOf(double epochs) {
    return new ScheduleSettings(
        baseLr,
        baseBatch,
        scaling,
        warmup,
        epochs,
        warmupStartFactor,
        cooldownEpochs,
        decay,
        stepEpochs,
        stepFactor,
        exponentialFactor,
        exponentialEpochs,
        polynomialPower,
        endFactor,
        cycleShare,
        cycleDivisor,
        groupRates,
        layerDecay);
  }

  public enum Scaling {
    LINEAR,
    SQUARE_ROOT,
    NONE
  }

  public enum Warmup {
    GRADUAL,
    CONSTANT,
    NONE
  }

  public enum Decay {
    COSINE,
    STEP,
    CONSTANT,
    POLYNOMIAL,
    EXPONENTIAL,
    ONE_CYCLE
  }
}
