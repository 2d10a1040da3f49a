// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.statistics;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often each value occurred. Values of four and more digits are rounded to three significant
 * ones, so that a tally stays small whatever it counts; minimum, maximum, count and sum are exact.
 * Not thread-safe.
 */
public final class ValueHistogram implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int EXACT_BELOW = 1000;
  private static final int BASE = 10;

  private final TreeMap<Long, Long> counts = new TreeMap<>();
  private long count;
  private long sum;
  private long minimum = Long.MAX_VALUE;
  private long maximum = Long.MIN_VALUE;

  /**
   * Values of one bar of a histogram.
   *
   * @param from inclusive
   * @param to exclusive
   */
  public record Bin(double from, double to, long count) {}

  /**
   * @param values at least 0 each
   */
  public static ValueHistogram of(List<Long> values) {
    ValueHistogram tally = new ValueHistogram();
    values.forEach(tally::add);
    return tally;
  }

  /**
   * @param value at least 0
   */
  void add(long value) {
    counts.merge(rounded(value), 1L, Long::sum);
    count++;
    sum += value;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
  }

  void add(ValueHistogram other) {
    other.counts.forEach((value, times) -> counts.merge(value, times, Long::sum));
    count += other.count;
    sum += other.sum;
    minimum = Math.min(minimum, other.minimum);
    maximum = Math.max(maximum, other.maximum);
  }

  private static long rounded(long value) {
    long unit = 1;
    while (value / unit >= EXACT_BELOW) {
      unit *= BASE;
    }
    return (value + unit / 2) / unit * unit;
  }

  public long count() {
    return count;
  }

  public long sum() {
    return sum;
  }

  /** The least value of a tally that is not empty. */
  public long minimum() {
    return minimum;
  }

  /** The least value of a tally that is not empty. */
  public long maximum() {
    return maximum;
  }

  /**
   * The smallest value that at least this share of the values does not exceed.
   *
   * @param share above 0, at most 1
   * @return 0 for an empty tally
   */
  public long quantile(double share) {
    long below = 0;
    for (Map.Entry<Long, Long> entry : counts.entrySet()) {
      below += entry.getValue();
      if (below >= share * count) {
        return Math.max(minimum, Math.min(maximum, entry.getKey()));
      }
    }
    return 0;
  }

  /** The number of values above the limit, which should be one that rounding does not move. */
  long above(double limit) {
    return counts.tailMap((long) Math.floor(limit), false).values().stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  /** The number of values below the limit. */
  long below(double limit) {
    return counts.headMap((long) Math.ceil(limit), false).values().stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  /**
   * Bars of equal ratio from the minimum to the maximum: sizes spread over decades.
   *
   * @param most bars; fewer where whole numbers leave no room for more
   */
  public List<Bin> bins(int most) {
    if (count == 0) {
      return List.of();
    }
    double low = Math.max(1, minimum);
    double high = maximum + 1.0;
    int bars = (int) Math.max(1, Math.min(most, high - low));
    List<Bin> bins = new ArrayList<>();
    double from = minimum;
    for (int bar = 1; bar <= bars; bar++) {
      double to = bar == bars ? high : Math.rint(low * Math.pow(high / low, (double) bar / bars));
      if (to > from) {
        bins.add(new Bin(from, to, within(from, to, bar == bars)));
        from = to;
      }
    }
    return bins;
  }

  /** The last bar takes what rounding lifted above the maximum. */
  private long within(double from, double to, boolean isLast) {
    boolean isFirst = from == minimum;
    Long low = isFirst ? Long.MIN_VALUE : (long) from;
    Long high = isLast ? Long.MAX_VALUE : (long) to;
    return counts.subMap(low, true, high, false).values().stream().mapToLong(Long::longValue).sum();
  }
}
