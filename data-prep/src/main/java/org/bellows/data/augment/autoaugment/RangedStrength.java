// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.autoaugment;

/**
 * A share of the ranges that an augmentation without a learned policy has.
 *
 * @param share of the way from no change to the end of each range, 0 to 1
 * @param isNegative which of the two ways operations with a direction go
 */
record RangedStrength(Ranges ranges, double share, boolean isNegative) implements Strength {
  private static final int GREATEST_VALUE = 255;

  /**
   * Ends of the ranges.
   *
   * @param shear columns a row, or rows a column
   * @param translationShare greatest translation as a share of the side
   * @param translationPixels what is added to it, in pixels
   * @param degrees of rotation
   * @param enhancement greatest distance of the factor from 1
   * @param bits that posterizing keeps at the beginning of the range
   * @param lostBits by how many fewer it keeps at the end
   */
  record Ranges(
      double shear,
      double translationShare,
      int translationPixels,
      double degrees,
      double enhancement,
      int bits,
      int lostBits) {}

  @Override
  public double shear() {
    return signed(ranges.shear() * share);
  }

  @Override
  public int pixels(int side) {
    double greatest = ranges.translationShare() * side + ranges.translationPixels();
    return (int) signed(greatest * share);
  }

  @Override
  public double degrees() {
    return signed(ranges.degrees() * share);
  }

  @Override
  public int solarizeThreshold() {
    return (int) Math.ceil(GREATEST_VALUE * (1 - share));
  }

  @Override
  public int posterizeBits() {
    return ranges.bits() - (int) Math.rint(ranges.lostBits() * share);
  }

  @Override
  public float enhancement() {
    return (float) (1 + signed(ranges.enhancement() * share));
  }

  private double signed(double value) {
    return isNegative ? -value : value;
  }
}
