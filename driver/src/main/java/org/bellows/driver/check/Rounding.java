// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.check;

import org.bellows.conf.Precision;

/**
 * What the rounding of a number format may do.
 *
 * @param change of each parameter, as a share of it, that moves results as far: twice the unit
 *     roundoff of bfloat16; in float32 256 times, because engines add in other orders
 * @param lossLimit of a loss, as a share of it
 * @param courseLimit of the losses of some steps, as a share of what they fall by
 */
record Rounding(double change, double lossLimit, double courseLimit) {
  static Rounding of(Precision precision) {
    return switch (precision) {
      case FLOAT32 -> new Rounding(Math.scalb(1.0, -16), 1e-4, 1e-3);
      case TF32 -> new Rounding(Math.scalb(1.0, -10), 0.01, 0.02);
      case BFLOAT16 -> new Rounding(Math.scalb(1.0, -7), 0.08, 0.1);
    };
  }
}
