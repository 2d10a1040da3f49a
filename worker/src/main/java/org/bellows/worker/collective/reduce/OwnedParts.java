// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import java.util.ArrayList;
import java.util.List;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;

/**
 * The parts of a flat vector that a rank owns, in the vector's order. Arrays of the owned elements
 * alone hold these parts one after the other.
 *
 * @param parts not empty ones; no two overlap
 */
public record OwnedParts(List<OwnedPart> parts) {

  /**
   * Elements [from, to) of the vector.
   *
   * @param shift index of an element in the vector less its index among the owned ones
   */
  public record OwnedPart(int from, int to, int shift) {
    /** Number of elements; 0 or less: there are none. */
    public int length() {
      return to - from;
    }

    /** Index of the first element among the owned ones. */
    public int at() {
      return from - shift;
    }

    /** What of it is in [start, end) of the vector, if any is. */
    public OwnedPart within(int start, int end) {
      return new OwnedPart(Math.max(from, start), Math.min(to, end), shift);
    }

    IndexRange range() {
      return new IndexRange(from, to);
    }
  }

  /**
   * @param ranges of the vector, in order
   */
  static OwnedParts of(List<IndexRange> ranges) {
    List<OwnedPart> parts = new ArrayList<>();
    int at = 0;
    for (IndexRange range : ranges) {
      if (range.length() > 0) {
        parts.add(new OwnedPart(range.from(), range.to(), range.from() - at));
        at += range.length();
      }
    }
    return new OwnedParts(List.copyOf(parts));
  }

  /** Number of owned elements. */
  public int length() {
    int length = 0;
    for (OwnedPart part : parts) {
      length += part.length();
    }
    return length;
  }

  /** The parts of them that are in [start, end) of the vector. */
  public List<OwnedPart> within(int start, int end) {
    List<OwnedPart> inside = new ArrayList<>();
    for (OwnedPart part : parts) {
      OwnedPart some = part.within(start, end);
      if (some.length() > 0) {
        inside.add(some);
      }
    }
    return inside;
  }

  /**
   * Copies the owned elements of a vector.
   *
   * @param vector may end before the last of them
   * @param owned [length()]
   */
  public void read(float[] vector, float[] owned) {
    for (OwnedPart part : within(0, vector.length)) {
      System.arraycopy(vector, part.from(), owned, part.at(), part.length());
    }
  }

  /**
   * Copies the owned elements into their places of a vector.
   *
   * @param owned [length()]
   */
  public void write(float[] owned, float[] vector) {
    for (OwnedPart part : parts) {
      System.arraycopy(owned, part.at(), vector, part.from(), part.length());
    }
  }
}
