// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.autoaugment;

/** How strongly an {@link Operation} changes a picture; each reads what belongs to it. */
interface Strength {
  /** Columns a row, or rows a column. */
  double shear();

  /** Whole pixels of a side of this length. */
  int pixels(int side);

  double degrees();

  /** Values from here on are inverted. */
  int solarizeThreshold();

  /** Bits of each value that are kept, 0 to 8. */
  int posterizeBits();

  /** Factor of contrast, colour, brightness and sharpness; 1 changes nothing. */
  float enhancement();
}
