// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

import java.io.Serializable;

/**
 * Means of shares over pictures, by class. Sums are whole numbers of 2^-40, so that they are the
 * same in any order. Not thread-safe.
 */
final class ShareMeans implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final double UNIT = 1L << 40;

  private final long[] sums;
  private final long[] pictures;

  ShareMeans(int classes) {
    this.sums = new long[classes];
    this.pictures = new long[classes];
  }

  /**
   * @param shares by class, 0 to 1; NaN is left out
   */
  void add(double... shares) {
    for (int c = 0; c < sums.length; c++) {
      if (!Double.isNaN(shares[c])) {
        sums[c] += Math.round(shares[c] * UNIT);
        pictures[c]++;
      }
    }
  }

  void add(ShareMeans other) {
    for (int c = 0; c < sums.length; c++) {
      sums[c] += other.sums[c];
      pictures[c] += other.pictures[c];
    }
  }

  /** NaN where no picture has one. */
  double mean(int label) {
    return sums[label] / UNIT / pictures[label];
  }

  /** The mean over the classes that have one; 0 where none has. */
  double mean() {
    double sum = 0;
    int classes = 0;
    for (int c = 0; c < sums.length; c++) {
      if (pictures[c] > 0) {
        sum += mean(c);
        classes++;
      }
    }
    return classes == 0 ? 0 : sum / classes;
  }
}
