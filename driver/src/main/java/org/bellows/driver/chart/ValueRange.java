// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.chart;

/** Smallest and largest of the values seen; those that are not finite do not count. */
public final class ValueRange {
  /** Beyond this a difference of two values could overflow. */
  private static final double LIMIT = 1e300;

  private double minimum = Double.POSITIVE_INFINITY;
  private double maximum = Double.NEGATIVE_INFINITY;

  public ValueRange include(double value) {
    if (Double.isFinite(value)) {
      double bounded = Math.max(-LIMIT, Math.min(LIMIT, value));
      minimum = Math.min(minimum, bounded);
      maximum = Math.max(maximum, bounded);
    }
    return this;
  }

  public ValueRange include(double[] values) {
    for (double value : values) {
      include(value);
    }
    return this;
  }

  public boolean isEmpty() {
    return minimum > maximum;
  }

  public double minimum() {
    return minimum;
  }

  public double maximum() {
    return maximum;
  }
}
