// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.statistics;

/** Why a sample is odd. Odd is not wrong: nothing is left out of training for it. */
public enum AnomalyKind {
  /** Measure: pixels, fewer than 1/16 of the split's median. */
  SMALL("much smaller than the median", "pixels"),
  /** Measure: pixels, more than 16 times the split's median. */
  LARGE("much larger than the median", "pixels"),
  /** Measure: longer side / shorter side, more than 4. */
  ELONGATED("very long and narrow", "longer side / shorter side"),
  /** Measure: standard deviation of the grey values, 0 to 127.5, less than 2. */
  BLANK("hardly anything to see", "deviation of grey levels"),
  /** Measure: 0. The dataset is damaged or was made by another version. */
  UNDECODABLE("cannot be decoded", ""),
  /** Measure: how many samples have the same bytes and the same class. */
  DUPLICATE("same bytes, same class", "copies"),
  /** Measure: how many samples have the same bytes. */
  CONFLICT("same bytes, different classes", "copies"),
  /** Measure: how many samples have the same bytes. */
  LEAK("same bytes in several splits", "copies");

  private final String description;
  private final String unit;

  AnomalyKind(String description, String unit) {
    this.description = description;
    this.unit = unit;
  }

  public String description() {
    return description;
  }

  /** The unit of the measure; "" when it has none. */
  public String unit() {
    return unit;
  }
}
