// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Maps the values of an axis to 0 (its start) to 1 (its end) and says where its ticks stand. */
sealed interface AxisScale {
  /** More labels than this on a logarithmic axis would crowd. */
  int MOST_DECADES = 8;

  /** NaN for a value that the scale cannot show. */
  double position(double value);

  List<Double> ticks();

  String label(double tick);

  /** A linear scale that ends at the extremes themselves. */
  static AxisScale exact(double minimum, double maximum, int ticks, boolean whole) {
    double[] bounds = widened(minimum, maximum, whole);
    return new Linear(bounds[0], bounds[1], interval(bounds[1] - bounds[0], ticks, whole));
  }

  /** A linear scale that ends at ticks. */
  static AxisScale rounded(double minimum, double maximum, int ticks) {
    double[] bounds = widened(minimum, maximum, false);
    double interval = interval(bounds[1] - bounds[0], ticks, false);
    return new Linear(
        Math.floor(bounds[0] / interval + 1e-9) * interval,
        Math.ceil(bounds[1] / interval - 1e-9) * interval,
        interval);
  }

  /**
   * @param minimum above 0
   */
  static AxisScale logarithmic(double minimum, double maximum) {
    int first = (int) Math.floor(Math.log10(minimum) + 1e-9);
    int last = Math.max(first + 1, (int) Math.ceil(Math.log10(maximum) - 1e-9));
    int every = (last - first + MOST_DECADES - 1) / MOST_DECADES;
    // The axis ends at a tick.
    int parts = (last - first + every - 1) / every;
    return new Logarithmic(first, first + parts * every, every);
  }

  /** A constant series still needs an axis of some length around it. */
  private static double[] widened(double minimum, double maximum, boolean whole) {
    double magnitude = Math.max(Math.abs(minimum), Math.abs(maximum));
    if (maximum - minimum > magnitude * 1e-9) {
      return new double[] {minimum, maximum};
    }
    double half = whole || magnitude == 0 ? 1 : magnitude * 0.1;
    return new double[] {minimum - half, maximum + half};
  }

  /** The 1, 2 or 5 times a power of ten that cuts length into about the wanted number of parts. */
  private static double interval(double length, int parts, boolean whole) {
    double raw = length / parts;
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double ratio = raw / power;
    double interval = (ratio < 1.5 ? 1 : ratio < 3.5 ? 2 : ratio < 7.5 ? 5 : 10) * power;
    return whole ? Math.max(1, interval) : interval;
  }

  /** Values in proportion to length. */
  record Linear(double minimum, double maximum, double interval) implements AxisScale {
    @Override
    public double position(double value) {
      return (value - minimum) / (maximum - minimum);
    }

    @Override
    public List<Double> ticks() {
      List<Double> ticks = new ArrayList<>();
      // A tick that is missed by a hair, such as 500,000 when the last step is 499,999, still
      // counts.
      double first = Math.ceil(minimum / interval - 5e-3);
      double last = Math.floor(maximum / interval + 5e-3);
      // By index: adding up intervals would end in 0.30000000000000004.
      for (double index = first; index <= last; index++) {
        ticks.add(index * interval + 0.0);
      }
      return ticks;
    }

    @Override
    public String label(double tick) {
      double magnitude = Math.max(Math.abs(minimum), Math.abs(maximum));
      if (tick == 0) {
        return "0";
      }
      if (magnitude < 2e-3 || magnitude >= 1e10) {
        return NumberText.scientific(tick);
      }
      if (magnitude >= 2e6) {
        return inUnits(tick, 1e6, "M");
      }
      return magnitude >= 1e4 ? inUnits(tick, 1e3, "k") : inUnits(tick, 1, "");
    }

    private String inUnits(double tick, double unit, String suffix) {
      int decimals = (int) Math.max(0, -Math.floor(Math.log10(interval / unit) + 1e-9));
      return String.format(Locale.ROOT, "%." + decimals + "f", tick / unit) + suffix;
    }
  }

  /**
   * Equal ratios at equal lengths; zero and below cannot be shown.
   *
   * @param first exponent of ten at the start of the axis
   * @param last exponent at its end
   * @param every decades from tick to tick
   */
  record Logarithmic(int first, int last, int every) implements AxisScale {
    @Override
    public double position(double value) {
      return value > 0 ? (Math.log10(value) - first) / (last - first) : Double.NaN;
    }

    @Override
    public List<Double> ticks() {
      List<Double> ticks = new ArrayList<>();
      for (int decade = first; decade <= last; decade += every) {
        double power = Double.parseDouble("1e" + decade);
        ticks.add(power);
        if (last - first <= 2 && decade < last) {
          ticks.add(2 * power);
          ticks.add(5 * power);
        }
      }
      return ticks;
    }

    @Override
    public String label(double tick) {
      if (tick < 1e-4 * (1 - 1e-9) || tick >= 1e5) {
        return NumberText.scientific(tick);
      }
      int decimals = (int) Math.max(0, -Math.floor(Math.log10(tick) + 1e-9));
      return String.format(Locale.ROOT, "%." + decimals + "f", tick);
    }
  }
}
