// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.statistics;

import java.io.Serializable;
import java.util.List;
import java.util.TreeSet;

/** The few oddest of many samples of one kind. */
final class WorstAnomalies implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int limit;
  private final boolean isLowOdd;
  private final TreeSet<Anomaly> kept;

  /**
   * @param isLowOdd whether the lowest measures are the odd ones
   */
  WorstAnomalies(int limit, boolean isLowOdd) {
    this.limit = limit;
    this.isLowOdd = isLowOdd;
    this.kept = new TreeSet<>(isLowOdd ? Anomaly.LEAST_FIRST : Anomaly.MOST_FIRST);
  }

  void add(Anomaly sample) {
    kept.add(sample);
    if (kept.size() > limit) {
      kept.remove(kept.last());
    }
  }

  void addAll(WorstAnomalies other) {
    other.kept.forEach(this::add);
  }

  /** Those beyond the limit, the oddest first. */
  List<Anomaly> beyond(double threshold) {
    return kept.stream()
        .filter(sample -> isLowOdd ? sample.measure() < threshold : sample.measure() > threshold)
        .toList();
  }
}
