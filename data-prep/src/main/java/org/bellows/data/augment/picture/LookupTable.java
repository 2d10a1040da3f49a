// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.picture;

import java.util.function.IntUnaryOperator;
import org.bellows.data.decode.image.RasterImage;

/**
 * A function of single 8-bit values, written out for all 256 of them: many changes of colour are no
 * more than that, and a look-up costs less than arithmetic.
 */
public final class LookupTable {
  private static final int VALUES = 256;
  private static final int HIGHEST = VALUES - 1;

  private final byte[] values = new byte[VALUES];

  /**
   * @param function of 0..255; results outside of that are clipped
   */
  public LookupTable(IntUnaryOperator function) {
    for (int value = 0; value < VALUES; value++) {
      values[value] = (byte) clip(function.applyAsInt(value));
    }
  }

  /** The same function in every channel. */
  public RasterImage apply(RasterImage pixels) {
    byte[] in = pixels.interleaved();
    byte[] out = new byte[in.length];
    for (int i = 0; i < in.length; i++) {
      out[i] = values[in[i] & 0xFF];
    }
    return new RasterImage(pixels.height(), pixels.width(), pixels.channels(), out);
  }

  /** A function of its own in each channel. */
  public static RasterImage apply(RasterImage pixels, LookupTable[] ofChannel) {
    int channels = pixels.channels();
    if (channels == 1) {
      return ofChannel[0].apply(pixels);
    }
    byte[] red = ofChannel[0].values;
    byte[] green = ofChannel[1].values;
    byte[] blue = ofChannel[2].values;
    byte[] in = pixels.interleaved();
    byte[] out = new byte[in.length];
    for (int i = 0; i < in.length; i += 3) {
      out[i] = red[in[i] & 0xFF];
      out[i + 1] = green[in[i + 1] & 0xFF];
      out[i + 2] = blue[in[i + 2] & 0xFF];
    }
    return new RasterImage(pixels.height(), pixels.width(), channels, out);
  }

  static int clip(int value) {
    return Math.max(0, Math.min(HIGHEST, value));
  }
}
