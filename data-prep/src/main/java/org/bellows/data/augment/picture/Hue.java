// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.picture;

import org.bellows.data.decode.image.RasterImage;

/**
 * Turns the hue of every pixel in HSV space and leaves saturation and value (Smith 1978, "Color
 * Gamut Transform Pairs"). With M the largest, m the smallest of red, green and blue, the hue in
 * sixths of the circle is
 *
 * <pre>
 *   M = red:   (green - blue) / (M - m)
 *   M = green: (blue - red) / (M - m) + 2
 *   M = blue:  (red - green) / (M - m) + 4
 * </pre>
 *
 * <p>Saturation and value are functions of M and m, so these two stay, and the new hue only decides
 * which channel gets M, which m, and where between them the third is.
 */
final class Hue {
  private static final int SIXTHS = 6;

  private Hue() {}

  /**
   * @param turn part of the circle, -0.5..0.5; 1/3 makes red green
   */
  static RasterImage shift(RasterImage pixels, float turn) {
    if (pixels.channels() == 1) {
      return pixels;
    }
    byte[] in = pixels.interleaved();
    byte[] out = new byte[in.length];
    float sixths = turn * SIXTHS;
    for (int i = 0; i < in.length; i += 3) {
      shift(in, out, i, sixths);
    }
    return new RasterImage(pixels.height(), pixels.width(), pixels.channels(), out);
  }

  private static void shift(byte[] in, byte[] out, int at, float sixths) {
    int red = in[at] & 0xFF;
    int green = in[at + 1] & 0xFF;
    int blue = in[at + 2] & 0xFF;
    int most = Math.max(red, Math.max(green, blue));
    int least = Math.min(red, Math.min(green, blue));
    int range = most - least;
    float hue = range == 0 ? 0 : hue(red, green, blue, most, range);
    float turned = hue + sixths;
    turned += turned < 0 ? SIXTHS : turned >= SIXTHS ? -SIXTHS : 0;
    // Rounding may have brought -1e-9 + 6 to 6 itself.
    int sector = Math.min(SIXTHS - 1, (int) turned);
    float part = range * (turned - sector);
    int rising = (int) (least + part + 0.5f);
    int falling = (int) (most - part + 0.5f);
    switch (sector) {
      case 0 -> put(out, at, most, rising, least);
      case 1 -> put(out, at, falling, most, least);
      case 2 -> put(out, at, least, most, rising);
      case 3 -> put(out, at, least, falling, most);
      case 4 -> put(out, at, rising, least, most);
      default -> put(out, at, most, least, falling);
    }
  }

  private static void put(byte[] out, int at, int red, int green, int blue) {
    out[at] = (byte) red;
    out[at + 1] = (byte) green;
    out[at + 2] = (byte) blue;
  }

  /** In sixths of the circle, 0 to 6. */
  private static float hue(int red, int green, int blue, int most, int range) {
    if (most == red) {
      float hue = (float) (green - blue) / range;
      return hue < 0 ? hue + SIXTHS : hue;
    }
    return most == green ? 2 + (float) (blue - red) / range : 4 + (float) (red - green) / range;
  }
}
