// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.io.Serializable;

/**
 * How well one class is separated from the others; NaN if undefined.
 *
 * @param samples that are of this class: its support
 * @param precision right ones among those that were predicted as it
 * @param recall right ones among those that are of it
 * @param f1 harmonic mean of both
 */
public record ClassScore(int label, long samples, double precision, double recall, double f1)
    implements Serializable {
  /**
   * @param predicted samples that were predicted as the class
   * @param right those of them that are of it
   */
  static ClassScore of(int label, long samples, long predicted, long right) {
    return new ClassScore(
        label,
        samples,
        ratio(right, predicted),
        ratio(right, samples),
        ratio(2 * right, samples + predicted));
  }

  /** Right ones among those that are of the class or predicted as it: F1 = 2 IoU / (1 + IoU). */
  @JsonIgnore
  public double intersectionOverUnion() {
    return f1 / (2 - f1);
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? Double.NaN : (double) part / whole;
  }
}
