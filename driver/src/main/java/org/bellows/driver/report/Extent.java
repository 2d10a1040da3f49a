package org.bellows.driver.report;

/** Smallest and largest of the values seen; those that are not finite do not count. */
final class Extent {
  /** Beyond this a difference of two values could overflow. */
  private static final double LIMIT = 1e300;

  private double minimum = Double.POSITIVE_INFINITY;
  private double maximum = Double.NEGATIVE_INFINITY;

  Extent include(double value) {
    if (Double.isFinite(value)) {
      double bounded = Math.max(-LIMIT, Math.min(LIMIT, value));
      minimum = Math.min(minimum, bounded);
      maximum = Math.max(maximum, bounded);
    }
    return this;
  }

  Extent include(double[] values) {
    for (double value : values) {
      include(value);
    }
    return this;
  }

  boolean isEmpty() {
    return minimum > maximum;
  }

  double minimum() {
    return minimum;
  }

  double maximum() {
    return maximum;
  }
}
