package org.bellows.conf;

import java.io.Serializable;
import java.util.List;

/**
 * {@code schedule}: the learning rate of each step. Meaning and unit of each value stand in {@code
 * reference.conf}.
 */
public record ScheduleSettings(
    double baseLr,
    int baseBatch,
    Scaling scaling,
    Warmup warmup,
    double warmupEpochs,
    Decay decay,
    List<Double> stepEpochs,
    double stepFactor,
    double exponentialFactor,
    double exponentialEpochs,
    double polynomialPower,
    double endFactor,
    double cycleShare,
    double cycleDivisor,
    List<AtLayer> groupRates)
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
