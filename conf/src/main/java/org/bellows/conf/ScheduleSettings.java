package org.bellows.conf;

import java.io.Serializable;
import java.util.List;

/**
 * {@code schedule}: the learning rate of each step. Meaning and unit of each value stand in {@code
 * reference.conf}.
 */
public record ScheduleSettings(
    @Key(identity = Identity.ALWAYS, min = 0, max = 1000) double baseLr,
    @Key(identity = Identity.ALWAYS, min = 1, max = 1_048_576) int baseBatch,
    @Key(identity = Identity.ALWAYS) Scaling scaling,
    @Key(identity = Identity.ALWAYS) Warmup warmup,
    @Key(identity = Identity.ALWAYS, min = 0, max = 100_000) double warmupEpochs,
    @Key(identity = Identity.ALWAYS) Decay decay,
    @Key(identity = Identity.ALWAYS, min = 0, max = 100_000) List<Double> stepEpochs,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1) double stepFactor,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1) double exponentialFactor,
    @Key(identity = Identity.ALWAYS, min = 0.001, max = 100_000) double exponentialEpochs,
    @Key(identity = Identity.ALWAYS, min = 0, max = 100) double polynomialPower,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1) double endFactor,
    @Key(identity = Identity.ALWAYS, min = 0.01, max = 1) double cycleShare,
    @Key(identity = Identity.ALWAYS, min = 1, max = 1_000_000_000) double cycleDivisor,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1000) List<LayerValue> groupRates)
    implements Serializable {
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
