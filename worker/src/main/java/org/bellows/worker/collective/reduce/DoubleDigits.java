// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

/**
 * Doubles as floats, which is what ranks exchange: a double's bits are four whole numbers below
 * 65,536, which a float holds exactly.
 */
public final class DoubleDigits {
  /** Of a double. */
  public static final int FLOATS = 4;

  private static final int BITS = 16;

  private DoubleDigits() {}

  /** Puts a double at an index, in doubles. */
  public static void put(float[] floats, int index, double value) {
    long bits = Double.doubleToRawLongBits(value);
    for (int i = 0; i < FLOATS; i++) {
      floats[index * FLOATS + i] = bits >>> (i * BITS) & 0xFFFF;
    }
  }

  /** The double at an index, in doubles. */
  public static double get(float[] floats, int index) {
    long bits = 0;
    for (int i = 0; i < FLOATS; i++) {
      bits |= (long) floats[index * FLOATS + i] << (i * BITS);
    }
    return Double.longBitsToDouble(bits);
  }

  static float[] floats(double[] values) {
    float[] floats = new float[Math.multiplyExact(values.length, FLOATS)];
    for (int i = 0; i < values.length; i++) {
      put(floats, i, values[i]);
    }
    return floats;
  }

  static double[] doubles(float[] floats) {
    double[] values = new double[floats.length / FLOATS];
    for (int i = 0; i < values.length; i++) {
      values[i] = get(floats, i);
    }
    return values;
  }
}
