package org.bellows.driver.report;

/**
 * One curve. A y that is not finite is a gap.
 *
 * @param name for the legend
 * @param x ascending
 * @param y as long as x
 */
record Series(String name, double[] x, double[] y) {
  Series {
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          "series " + name + ": " + x.length + " x values, " + y.length + " y values");
    }
  }

  int size() {
    return x.length;
  }

  int finiteCount() {
    int count = 0;
    for (double value : y) {
      if (Double.isFinite(value)) {
        count++;
      }
    }
    return count;
  }
}
