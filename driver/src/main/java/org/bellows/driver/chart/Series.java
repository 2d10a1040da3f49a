// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.chart;

/**
 * One curve. A y that is not finite is a gap.
 *
 * @param name for the legend
 * @param x ascending
 * @param y as long as x
 */
public record Series(String name, double[] x, double[] y) {
  public Series {
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          "series " + name + ": " + x.length + " x values, " + y.length + " y values");
    }
  }

  public int size() {
    return x.length;
  }

  public int finiteCount() {
    int count = 0;
    for (double value : y) {
      if (Double.isFinite(value)) {
        count++;
      }
    }
    return count;
  }
}
