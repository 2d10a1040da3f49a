// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

/** Cuts [0, length) into consecutive shares, as evenly as possible: lanes or slices of a vector. */
public final class EvenPartition {
  private EvenPartition() {}

  /** One share. */
  public record IndexRange(int from, int to) {
    public int length() {
      return to - from;
    }
  }

  public static IndexRange of(int length, int rank, int ranks) {
    return new IndexRange(boundary(length, rank, ranks), boundary(length, rank + 1, ranks));
  }

  /** Likewise, but shares begin at multiples of a number; the last may be shorter or longer. */
  public static IndexRange aligned(int length, int rank, int ranks, int multiple) {
    return new IndexRange(
        aligned(boundary(length, rank, ranks), length, multiple),
        aligned(boundary(length, rank + 1, ranks), length, multiple));
  }

  /** The nearest multiple, but the end stays the end. */
  private static int aligned(int boundary, int length, int multiple) {
    long nearest = ((long) boundary + multiple / 2) / multiple * multiple;
    return boundary == length ? length : (int) Math.min(nearest, length);
  }

  private static int boundary(int length, int rank, int ranks) {
    return (int) ((long) length * rank / ranks);
  }
}
