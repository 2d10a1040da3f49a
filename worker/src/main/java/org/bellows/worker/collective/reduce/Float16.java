// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

/**
 * IEEE 754 binary16: a sign, 5 bits of exponent, 10 bits of fraction. Java 17 has no conversion of
 * its own.
 */
final class Float16 {
  private static final int INFINITY = 0x7C00;

  /** The one NaN that is made here. */
  private static final int NAN = 0x7E00;

  /** As float bits: infinity; what rounds to infinity, 65,520; the least normal float16, 2^-14. */
  private static final int FLOAT_INFINITY = 0x7F800000;

  private static final int OVERFLOW = 0x477FF000;
  private static final int LEAST_NORMAL = 0x38800000;

  /** Difference of the exponents' biases, in the place of a float's exponent. */
  private static final int BIAS = (127 - 15) << 23;

  private static final int DROPPED_BITS = 13;

  /** The unit in the last place of a float in [0.5, 1) is 2^-24, as of a float16 below 2^-14. */
  private static final float SUBNORMAL_SHIFT = 0.5f;

  private static final float SUBNORMAL_UNIT = 0x1p-24f;

  private Float16() {}

  /** The nearest, of two equally near ones the even one; from 65,520 on an infinity. */
  static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int magnitude = bits & 0x7FFFFFFF;
    if (magnitude < LEAST_NORMAL) {
      float shifted = Float.intBitsToFloat(magnitude) + SUBNORMAL_SHIFT;
      int units = Float.floatToRawIntBits(shifted) - Float.floatToRawIntBits(SUBNORMAL_SHIFT);
      return (short) (sign | units);
    }
    if (magnitude < OVERFLOW) {
      int even = magnitude >>> DROPPED_BITS & 1;
      return (short) (sign | (magnitude - BIAS + 0xFFF + even) >>> DROPPED_BITS);
    }
    return (short) (magnitude > FLOAT_INFINITY ? NAN : sign | INFINITY);
  }

  /** Exact. */
  static float toFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int magnitude = half & 0x7FFF;
    if (magnitude < 0x400) {
      float value = magnitude * SUBNORMAL_UNIT;
      return Float.intBitsToFloat(sign | Float.floatToRawIntBits(value));
    }
    return magnitude < INFINITY
        ? Float.intBitsToFloat(sign | (magnitude << DROPPED_BITS) + BIAS)
        : Float.intBitsToFloat(sign | FLOAT_INFINITY | (magnitude & 0x3FF) << DROPPED_BITS);
  }
}
