// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.autoaugment;

/**
 * The meaning of a magnitude for each operation: the paper gives each a range and cuts it into ten
 * values with uniform spacing.
 *
 * <table>
 * <caption>Ranges</caption>
 * <tr><th>operation</th><th>magnitude 0</th><th>magnitude 9</th></tr>
 * <tr><td>shear</td><td>0</td><td>0.3</td></tr>
 * <tr><td>translate</td><td>0</td><td>150 of 331 pixels (ImageNet), 10 of 32 (CIFAR-10, SVHN)</td></tr>
 * <tr><td>rotate</td><td>0</td><td>30 degrees</td></tr>
 * <tr><td>solarize</td><td>threshold 256</td><td>threshold 0</td></tr>
 * <tr><td>posterize</td><td>8 bits</td><td>4 bits</td></tr>
 * <tr><td>contrast, colour, brightness, sharpness</td><td>0.1</td><td>1.9</td></tr>
 * </table>
 *
 * <p>Deviations: the authors' released code divides magnitudes by 10 instead of 9, so that the end
 * of a range is never reached, and posterizes to 4 bits less than the paper says; here it is the
 * paper's text. 10 of 32 pixels are the released code's; the paper gives pixels of ImageNet only.
 *
 * @param magnitude 0..9
 * @param isNegative which of the two ways shear, translation and rotation go
 * @param translation the greatest translation, as a share of the side
 */
record Magnitude(int magnitude, boolean isNegative, double translation) implements Strength {
  private static final int GREATEST = 9;
  private static final double SHEAR = 0.3;
  private static final double DEGREES = 30;
  private static final int VALUES = 256;
  private static final int BITS = 8;
  private static final double LOST_BITS = 4;
  private static final double LEAST_FACTOR = 0.1;
  private static final double FACTOR_RANGE = 1.8;

  Magnitude {
    if (magnitude < 0 || magnitude > GREATEST) {
      throw new IllegalArgumentException("magnitude is " + magnitude + ", expected 0 to 9");
    }
  }

  @Override
  public double shear() {
    return signed(SHEAR * share());
  }

  @Override
  public int pixels(int side) {
    return (int) signed(Math.floor(translation * side * share()));
  }

  @Override
  public double degrees() {
    return signed(DEGREES * share());
  }

  @Override
  public int solarizeThreshold() {
    return VALUES - (int) (VALUES * share());
  }

  @Override
  public int posterizeBits() {
    return BITS - (int) Math.round(LOST_BITS * share());
  }

  @Override
  public float enhancement() {
    return (float) (LEAST_FACTOR + FACTOR_RANGE * share());
  }

  private double share() {
    return (double) magnitude / GREATEST;
  }

  private double signed(double value) {
    return isNegative ? -value : value;
  }
}
