// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

import java.io.Serializable;

/**
 * Counts towards {@link ConfusionCounts}. Samples wait in a list; when it is as long as there are
 * cells, it is sorted and added to them. So one more sample costs little, and the heap holds at
 * most {@link #BYTES_PER_CELL} for each pair that occurred, whatever the number of classes. Not
 * thread-safe.
 */
public final class ConfusionCounter implements Serializable {
  /**
   * While a list of n samples is added to n cells there are: the cells with their counts (16n
   * bytes), the list (8n), its own cells with counts (16n), and those of the sum, twice (64n) where
   * they are cut to length.
   */
  public static final int BYTES_PER_CELL = 16 + 8 + 16 + 64;

  private static final long serialVersionUID = 1L;
  private static final int SHORTEST_LIST = 1024;

  private final int classes;
  private ConfusionCounts counts;
  private long[] waiting = {};
  private int waitingLength;

  public ConfusionCounter(int classes) {
    this.classes = classes;
    this.counts = ConfusionCounts.none(classes);
  }

  /**
   * Counts a sample.
   *
   * @param predicted a label, or the number of classes where the answer is not finite
   */
  public void add(int actual, int predicted) {
    if (waitingLength == waiting.length) {
      waiting = new long[Math.max(SHORTEST_LIST, counts().size())];
    }
    waiting[waitingLength++] = ConfusionCounts.cell(classes, actual, predicted);
  }

  public void add(ConfusionCounts other) {
    counts = counts().plus(other);
  }

  /** All that was counted so far; nothing waits any more. */
  public ConfusionCounts counts() {
    if (waitingLength > 0) {
      counts = counts.plus(ConfusionCounts.ofSamples(classes, waiting, waitingLength));
    }
    waiting = new long[0];
    waitingLength = 0;
    return counts;
  }
}
