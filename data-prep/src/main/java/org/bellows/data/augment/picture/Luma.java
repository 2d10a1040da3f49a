// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.picture;

/**
 * Rec. ITU-R BT.601 luma, 0.299 R + 0.587 G + 0.114 B, rounded: in 16.16 fixed point, to the bit
 * what PIL's {@code convert("L")} gives.
 */
public final class Luma {
  private static final int RED = 19595;
  private static final int GREEN = 38470;
  private static final int BLUE = 7471;
  private static final int HALF = 1 << 15;
  private static final int SHIFT = 16;

  private Luma() {}

  /**
   * @param rgb interleaved
   * @param at index of the pixel's red
   * @return 0..255
   */
  public static int of(byte[] rgb, int at) {
    return (RED * (rgb[at] & 0xFF)
            + GREEN * (rgb[at + 1] & 0xFF)
            + BLUE * (rgb[at + 2] & 0xFF)
            + HALF)
        >> SHIFT;
  }
}
