// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.manifest;

import java.io.Serializable;

/**
 * A class of the pixels of a label map. A label is an index into the manifest's list of these.
 *
 * @param name such as "road"
 * @param colour that it is drawn in: {@code #rrggbb}, lower case
 */
public record PixelClass(String name, String colour) implements Serializable {
  /** Label of pixels that are of no class: they are neither learned nor counted. */
  public static final int VOID = 255;

  /** How many classes there can be: labels below {@link #VOID}. */
  public static final int MOST = VOID;

  private static final int CHANNELS = 3;
  private static final int BITS = 8;

  /** In the colour that PASCAL VOC's palette has for the label. */
  public static PixelClass of(int label, String name) {
    return new PixelClass(name, text(vocColour(label)));
  }

  /**
   * The colour that PASCAL VOC's palette has for a label: its bits are dealt out to red, green and
   * blue, so that neighbours differ.
   *
   * @return red x 65536 + green x 256 + blue
   */
  public static int vocColour(int label) {
    int[] channels = new int[CHANNELS];
    for (int bit = 0; bit < BITS; bit++) {
      channels[bit % CHANNELS] |= (label >> bit & 1) << BITS - 1 - bit / CHANNELS;
    }
    return channels[0] << 2 * BITS | channels[1] << BITS | channels[2];
  }

  /** {@code #rrggbb}. */
  public static String text(int colour) {
    return "#%06x".formatted(colour);
  }

  /** red x 65536 + green x 256 + blue. */
  public int rgb() {
    return Integer.parseInt(colour.substring(1), 16);
  }
}
