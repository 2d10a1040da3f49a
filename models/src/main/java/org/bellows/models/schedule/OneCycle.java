// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.schedule;

/**
 * The 1cycle policy (Smith 2018, "A disciplined approach to neural network hyper-parameters: Part
 * 1"; Smith and Topin 2017): one triangle of the rate that is shorter than the run, then a fall by
 * orders of magnitude.
 *
 * <pre>
 * c = share * S / 2           half the cycle, in steps; S steps of the run
 * s &lt; c                       1 / divisor + (1 - 1 / divisor) * s / c
 * s &lt; 2c                      1 - (1 - 1 / divisor) * (s - c) / c
 * then                        (1 - (s - 2c) / (S - 2c)) / divisor, and never below 1 / (1000 divisor)
 * </pre>
 *
 * <p>Deviation: the paper also lets momentum fall while the rate rises; here it stays.
 *
 * @param share of the run that the triangle takes, above 0
 * @param divisor peak over the triangle's lowest rate, at least 1
 */
record OneCycle(double share, double divisor) {
  private static final double LOWEST = 1e-3;

  /** The rate as a share of the peak. */
  double at(long step, long totalSteps) {
    double half = share * totalSteps / 2;
    double low = 1 / divisor;
    if (step < half) {
      return low + (1 - low) * step / half;
    }
    if (step < 2 * half) {
      return 1 - (1 - low) * (step - half) / half;
    }
    double rest = totalSteps - 2 * half;
    double left = rest == 0 ? 1 : 1 - (step - 2 * half) / rest;
    return low * Math.max(left, LOWEST);
  }
}
