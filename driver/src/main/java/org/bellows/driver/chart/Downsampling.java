// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.chart;

import java.util.Arrays;

/**
 * Fewer points for the same picture. A page is about a thousand pixels wide, a run may have a
 * million steps.
 */
public final class Downsampling {
  private Downsampling() {}

  /**
   * At most limit points: of each bucket of neighbours the lowest and the highest, in their order,
   * and a gap where the bucket holds one. So no spike is lost, as it would be with every n-th
   * point.
   */
  public static Series extremes(Series series, int limit) {
    if (series.size() <= limit) {
      return series;
    }
    boolean gaps = series.finiteCount() < series.size();
    int buckets = limit / (gaps ? 3 : 2);
    Collector kept = new Collector(limit);
    for (int bucket = 0; bucket < buckets; bucket++) {
      keepExtremes(
          series,
          edge(bucket, buckets, series.size()),
          edge(bucket + 1, buckets, series.size()),
          kept);
    }
    return kept.toSeries(series.name());
  }

  private static void keepExtremes(Series series, int from, int to, Collector kept) {
    int lowest = -1;
    int highest = -1;
    int gap = -1;
    for (int i = from; i < to; i++) {
      double value = series.y()[i];
      if (!Double.isFinite(value)) {
        gap = i;
        continue;
      }
      lowest = lowest < 0 || value < series.y()[lowest] ? i : lowest;
      highest = highest < 0 || value > series.y()[highest] ? i : highest;
    }
    int[] chosen = {lowest, highest, gap};
    Arrays.sort(chosen);
    for (int i = 0; i < chosen.length; i++) {
      if (chosen[i] >= 0 && (i == 0 || chosen[i] != chosen[i - 1])) {
        kept.add(series.x()[chosen[i]], series.y()[chosen[i]]);
      }
    }
  }

  /**
   * Mean over a centred window, at no more than limit places. The sums are computed separately at
   * each place: with running sums one loss of 1e30 would spoil all that follow.
   */
  public static Series smoothed(Series series, int window, int limit) {
    int places = Math.min(series.size(), limit);
    Collector kept = new Collector(places);
    for (int place = 0; place < places; place++) {
      int center = places == 1 ? 0 : (int) ((long) place * (series.size() - 1) / (places - 1));
      // Near the ends the window shrinks on both sides, else the curve would start biased; but not
      // to nothing, else it would end in noise.
      int room = Math.min(center, series.size() - 1 - center);
      int reach = Math.min(window / 2, Math.max(window / 4, room));
      int from = Math.max(0, center - reach);
      int to = Math.min(series.size(), center + reach + 1);
      double value = Double.isFinite(series.y()[center]) ? mean(series.y(), from, to) : Double.NaN;
      kept.add(series.x()[center], value);
    }
    return kept.toSeries(series.name());
  }

  /** Start of a bucket when size items are cut into buckets as evenly as possible. */
  public static int edge(int bucket, int buckets, int size) {
    return (int) ((long) bucket * size / buckets);
  }

  /** Mean of the finite values, NaN when there is none. */
  public static double mean(double[] values, int from, int to) {
    double sum = 0;
    int count = 0;
    for (int i = from; i < to; i++) {
      if (Double.isFinite(values[i])) {
        sum += values[i];
        count++;
      }
    }
    return count == 0 ? Double.NaN : sum / count;
  }

  /** Quantile of the finite values by linear interpolation, NaN when there is none. */
  public static double quantile(double[] values, int from, int to, double quantile) {
    double[] sorted = Arrays.stream(values, from, to).filter(Double::isFinite).sorted().toArray();
    if (sorted.length == 0) {
      return Double.NaN;
    }
    double place = quantile * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  public static double quantile(double[] values, double quantile) {
    return quantile(values, 0, values.length, quantile);
  }

  private static final class Collector {
    private final double[] x;
    private final double[] y;
    private int size;

    Collector(int capacity) {
      x = new double[capacity];
      y = new double[capacity];
    }

    void add(double newX, double newY) {
      x[size] = newX;
      y[size] = newY;
      size++;
    }

    Series toSeries(String name) {
      return new Series(name, Arrays.copyOf(x, size), Arrays.copyOf(y, size));
    }
  }
}
