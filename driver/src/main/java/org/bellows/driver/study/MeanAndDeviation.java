// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.study;

import java.util.List;
import java.util.Locale;

/**
 * Mean and sample standard deviation over seeds.
 *
 * @param deviation with n - 1 in the divisor; NaN of a single value
 */
record MeanAndDeviation(double mean, double deviation) {
  static MeanAndDeviation of(List<Double> values) {
    double mean = values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    double squares = values.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum();
    return new MeanAndDeviation(
        mean, values.size() < 2 ? Double.NaN : Math.sqrt(squares / (values.size() - 1)));
  }

  /** "mean ± deviation", both times a factor. */
  String text(double factor, int decimals) {
    if (!Double.isFinite(mean)) {
      return "not finite";
    }
    String number = "%." + decimals + "f";
    String text = String.format(Locale.ROOT, number, factor * mean);
    return Double.isNaN(deviation)
        ? text
        : text + " ± " + String.format(Locale.ROOT, number, factor * deviation);
  }
}
