package org.bellows.data.statistics;

import java.io.Serializable;
import java.util.List;
import java.util.TreeSet;

/** The few oddest of many samples of one kind. */
final class Oddest implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int limit;
  private final boolean isLowOdd;
  private final TreeSet<OddSample> kept;

  /**
   * @param isLowOdd whether the lowest measures are the odd ones
   */
  Oddest(int limit, boolean isLowOdd) {
    this.limit = limit;
    this.isLowOdd = isLowOdd;
    this.kept = new TreeSet<>(isLowOdd ? OddSample.LEAST_FIRST : OddSample.MOST_FIRST);
  }

  void add(OddSample sample) {
    kept.add(sample);
    if (kept.size() > limit) {
      kept.remove(kept.last());
    }
  }

  void addAll(Oddest other) {
    other.kept.forEach(this::add);
  }

  /** Those beyond the limit, the oddest first. */
  List<OddSample> beyond(double threshold) {
    return kept.stream()
        .filter(sample -> isLowOdd ? sample.measure() < threshold : sample.measure() > threshold)
        .toList();
  }
}
