// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.statistics;

import java.io.Serializable;
import java.util.Comparator;

/**
 * A sample that a person should look at.
 *
 * @param id position in the split
 * @param label index into the manifest's classes
 * @param source path relative to the dataset's source
 * @param measure how odd it is, in the unit of its kind
 */
public record Anomaly(
    AnomalyKind kind, String split, long id, int label, String source, double measure)
    implements Serializable {
  /** The highest measure first; ties go to the lower split name and id. */
  public static final Comparator<Anomaly> MOST_FIRST = new Order(-1);

  /** The lowest measure first; ties go to the lower split name and id. */
  static final Comparator<Anomaly> LEAST_FIRST = new Order(1);

  /** A lambda would not survive the way from executor to driver. */
  private record Order(int sign) implements Comparator<Anomaly>, Serializable {
    @Override
    public int compare(Anomaly a, Anomaly b) {
      int byMeasure = sign * Double.compare(a.measure(), b.measure());
      if (byMeasure != 0) {
        return byMeasure;
      }
      int bySplit = a.split().compareTo(b.split());
      return bySplit != 0 ? bySplit : Long.compare(a.id(), b.id());
    }
  }
}
