// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.check;

import java.util.Locale;
import org.bellows.worker.engine.EngineRequest;

/**
 * How far two engines are apart on one network.
 *
 * @param lossError |difference| / expected
 * @param gradientError |difference| / |expected| of the gradients
 * @param arrayError the same of the array where it is largest, see {@link PassResult#arrayError}
 * @param probabilityError largest difference of a probability
 */
record Agreement(
    String what,
    double lossError,
    double lossLimit,
    double gradientError,
    double gradientLimit,
    double arrayError,
    double arrayLimit,
    double probabilityError,
    double probabilityLimit) {
  /** Rounding of sums in float32; between engines it was at most 2e-6 in one layer. */
  private static final double ROUNDING = 1e-4;

  /** From here on a gradient's error says nothing: another network's gradient is as near. */
  private static final double ANYTHING = 0.8;

  /**
   * An engine rounds, which moves a gradient about as far as small changes of the parameters do. So
   * the limit is twice what the expected gradient moves by when each parameter changes by {@link
   * Rounding#change}.
   */
  static Agreement of(CheckCase work, EngineRequest engine, EngineRequest against) {
    Rounding rounding = Rounding.of(engine.arithmetic().precision());
    try (CheckedEngine checked = new CheckedEngine(work, engine);
        CheckedEngine other = new CheckedEngine(work, against)) {
      PassResult actual = checked.pass();
      PassResult expected = other.pass();
      PassResult moved = other.movedPass(rounding.change());
      return new Agreement(
          work.name(),
          actual.lossError(expected),
          Math.max(rounding.lossLimit(), 2 * moved.lossError(expected)),
          actual.gradientError(expected),
          Math.max(ROUNDING, 2 * moved.gradientError(expected)),
          actual.arrayError(expected),
          Math.max(ROUNDING, 2 * moved.arrayError(expected)),
          actual.largestProbabilityError(expected),
          Math.max(ROUNDING, 2 * moved.largestProbabilityError(expected)));
    }
  }

  /** Not so for NaN. */
  boolean holds() {
    return lossError <= lossLimit
        && probabilityError <= probabilityLimit
        && holds(gradientError, gradientLimit)
        && holds(arrayError, arrayLimit);
  }

  private static boolean holds(double ofGradient, double limit) {
    return ofGradient <= limit || limit > ANYTHING && Double.isFinite(ofGradient);
  }

  private static String text(double ofGradient, double limit) {
    return limit > ANYTHING
        ? String.format(Locale.ROOT, "%.1e (rounding decides it)", ofGradient)
        : String.format(Locale.ROOT, "%.1e (limit %.1e)", ofGradient, limit);
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "  %-26s loss %.1e (limit %.1e)  gradient %-26s  worst array %-26s  probabilities %.1e (limit %.1e)  %s%n",
        what,
        lossError,
        lossLimit,
        text(gradientError, gradientLimit),
        text(arrayError, arrayLimit),
        probabilityError,
        probabilityLimit,
        holds() ? "ok" : "FAILED");
  }
}
