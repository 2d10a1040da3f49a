// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.picture;

import org.bellows.data.decode.image.RasterImage;

/**
 * Brightness, contrast, colour and sharpness as PIL's {@code ImageEnhance} defines them: the
 * picture is blended with one that lacks the quality altogether,
 *
 * <pre>
 *   out = degenerate + factor * (in - degenerate)
 * </pre>
 *
 * <p>so that factor 0 takes the quality away, 1 changes nothing, and more than 1 exaggerates it.
 * Sums are taken in float, results truncated and clipped, as {@code Image.blend} does.
 */
public final class Enhance {
  /** Sum of the weights of the smoothing filter: 5 in the middle, 1 for each of 8 neighbours. */
  private static final int SMOOTH_WEIGHT = 13;

  private static final int SMOOTH_CENTRE = 5;

  private Enhance() {}

  /** Degenerate: black. */
  public static RasterImage brightness(RasterImage pixels, float factor) {
    return new LookupTable(value -> blend(0, value, factor)).apply(pixels);
  }

  /** Degenerate: even grey, the picture's mean luma rounded. */
  public static RasterImage contrast(RasterImage pixels, float factor) {
    int mean = meanLuma(pixels);
    return new LookupTable(value -> blend(mean, value, factor)).apply(pixels);
  }

  /** Saturation; degenerate: each pixel's luma. A grey picture stays as it is. */
  public static RasterImage colour(RasterImage pixels, float factor) {
    if (pixels.channels() == 1) {
      return pixels;
    }
    byte[] in = pixels.interleaved();
    byte[] out = new byte[in.length];
    for (int i = 0; i < in.length; i += 3) {
      int luma = Luma.of(in, i);
      out[i] = (byte) blend(luma, in[i] & 0xFF, factor);
      out[i + 1] = (byte) blend(luma, in[i + 1] & 0xFF, factor);
      out[i + 2] = (byte) blend(luma, in[i + 2] & 0xFF, factor);
    }
    return new RasterImage(pixels.height(), pixels.width(), pixels.channels(), out);
  }

  /**
   * Degenerate: each pixel the weighted mean of its 3 x 3 neighbourhood (PIL's SMOOTH filter,
   * centre 5, others 1). Pixels of the border have no whole neighbourhood and stay as they are.
   */
  public static RasterImage sharpness(RasterImage pixels, float factor) {
    int channels = pixels.channels();
    int rowBytes = pixels.width() * channels;
    byte[] in = pixels.interleaved();
    byte[] out = in.clone();
    int[] columns = new int[rowBytes];
    for (int row = 1; row < pixels.height() - 1; row++) {
      int from = row * rowBytes;
      for (int i = 0; i < rowBytes; i++) {
        columns[i] =
            (in[from - rowBytes + i] & 0xFF)
                + (in[from + i] & 0xFF)
                + (in[from + rowBytes + i] & 0xFF);
      }
      for (int i = channels; i < rowBytes - channels; i++) {
        int value = in[from + i] & 0xFF;
        int weighted =
            columns[i - channels]
                + columns[i]
                + columns[i + channels]
                + (SMOOTH_CENTRE - 1) * value;
        int smooth = (2 * weighted + SMOOTH_WEIGHT) / (2 * SMOOTH_WEIGHT);
        out[from + i] = (byte) blend(smooth, value, factor);
      }
    }
    return new RasterImage(pixels.height(), pixels.width(), channels, out);
  }

  private static int blend(int degenerate, int value, float factor) {
    float blended = degenerate + factor * (value - degenerate);
    return LookupTable.clip((int) blended);
  }

  private static int meanLuma(RasterImage pixels) {
    byte[] in = pixels.interleaved();
    long sum = 0;
    if (pixels.channels() == 1) {
      for (byte value : in) {
        sum += value & 0xFF;
      }
    } else {
      for (int i = 0; i < in.length; i += 3) {
        sum += Luma.of(in, i);
      }
    }
    return (int) (sum / ((double) pixels.height() * pixels.width()) + 0.5);
  }
}
