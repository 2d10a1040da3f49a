// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.arithmetic;

/** Floats of which the first 16 bits are stored. */
public final class Bfloat16 {
  private Bfloat16() {}

  /**
   * The nearest number of the format; of two the even one.
   *
   * @param value finite
   */
  public static float rounded(float value) {
    int bits = Float.floatToRawIntBits(value);
    return Float.intBitsToFloat((bits + 0x7fff + (bits >>> 16 & 1)) & 0xffff0000);
  }
}
