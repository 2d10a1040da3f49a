// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.planes;

import java.util.Arrays;
import org.bellows.data.augment.picture.Luma;
import org.bellows.data.augment.place.Placement;
import org.bellows.data.decode.image.RasterImage;

/**
 * 8-bit pixels -> floats: (x / 255 - mean) / deviation for each channel, height x width x channels
 * -> channels x height x width. RGB becomes grey by {@link Luma}, grey becomes RGB by repeating it.
 * Immutable.
 */
public final class Normalizer {
  private static final int VALUES = 256;

  private final float[] mean;
  private final float[] standardDeviation;

  /** {@code [channel][x]} of every 8-bit value: a look-up is faster than the arithmetic. */
  private final float[][] values;

  /**
   * @param mean of each channel in 0..1; its length is the number of channels, 1 or 3
   * @param standardDeviation of each channel, greater than 0
   */
  public Normalizer(float[] mean, float[] standardDeviation) {
    if (mean.length != standardDeviation.length || (mean.length != 1 && mean.length != 3)) {
      throw new IllegalArgumentException(
          "%d means and %d deviations, expected 1 or 3 of each"
              .formatted(mean.length, standardDeviation.length));
    }
    this.mean = mean.clone();
    this.standardDeviation = standardDeviation.clone();
    values = new float[mean.length][VALUES];
    for (int channel = 0; channel < mean.length; channel++) {
      for (int x = 0; x < VALUES; x++) {
        values[channel][x] = (x / 255f - mean[channel]) / standardDeviation[channel];
      }
    }
  }

  public int channels() {
    return values.length;
  }

  /**
   * @param pixels height x width x (1 or 3)
   * @param out gets channels x height x width from {@code offset} on
   */
  public void normalise(RasterImage pixels, float[] out, int offset) {
    byte[] from = pixels.interleaved();
    int area = pixels.height() * pixels.width();
    if (pixels.channels() == 3 && values.length == 1) {
      for (int i = 0; i < area; i++) {
        out[offset + i] = values[0][Luma.of(from, 3 * i)];
      }
      return;
    }
    for (int channel = 0; channel < values.length; channel++) {
      float[] table = values[channel];
      int to = offset + channel * area;
      int stride = pixels.channels();
      int source = stride == 1 ? 0 : channel;
      for (int i = 0; i < area; i++) {
        out[to + i] = table[from[source + i * stride] & 0xFF];
      }
    }
  }

  /**
   * The result of {@link #normalise} for a placement's window, from a scaled picture by planes. For
   * three channels.
   *
   * @param planes 3 x placement.scaledHeight x placement.scaledWidth, not mirrored; may be longer
   * @param height of the window
   * @param width of the window
   * @param fill 0..255 of each channel, outside of the scaled picture
   * @param out gets 3 x height x width from {@code offset} on
   */
  public void normalisePlanes(
      byte[] planes,
      Placement placement,
      int height,
      int width,
      int[] fill,
      float[] out,
      int offset) {
    int scaledArea = placement.scaledHeight() * placement.scaledWidth();
    int first = Math.max(0, -placement.left());
    int end = Math.min(width, placement.scaledWidth() - placement.left());
    for (int channel = 0; channel < values.length; channel++) {
      float[] table = values[channel];
      for (int row = 0; row < height; row++) {
        int to = offset + (channel * height + row) * width;
        int sourceRow = row + placement.top();
        boolean isInside = sourceRow >= 0 && sourceRow < placement.scaledHeight();
        if (!isInside || first > 0 || end < width) {
          Arrays.fill(out, to, to + width, table[fill[channel]]);
        }
        if (isInside && first < end) {
          int from = channel * scaledArea + sourceRow * placement.scaledWidth() + placement.left();
          if (placement.mirrored()) {
            lookUpBackwards(planes, from + first, end - first, table, out, to + width - 1 - first);
          } else {
            lookUp(planes, from + first, end - first, table, out, to + first);
          }
        }
      }
    }
  }

  private static void lookUp(
      byte[] from, int start, int count, float[] table, float[] out, int to) {
    for (int i = 0; i < count; i++) {
      out[to + i] = table[from[start + i] & 0xFF];
    }
  }

  /** A loop of its own: with the direction as a variable both would take twice the time. */
  private static void lookUpBackwards(
      byte[] from, int start, int count, float[] table, float[] out, int to) {
    for (int i = 0; i < count; i++) {
      out[to - i] = table[from[start + i] & 0xFF];
    }
  }

  /** The normalised value of this value of a pixel. */
  float normalised(int channel, int value) {
    return values[channel][value];
  }

  /**
   * The change of the normalised value when this much is added to a pixel.
   *
   * @param share of the range of values: 1 is from black to white
   */
  float difference(int channel, double share) {
    return (float) (share / standardDeviation[channel]);
  }

  /** Back to pixels, rounded and clipped: height x width x channels of the network. */
  public RasterImage denormalise(ChannelPlanes planes) {
    int area = planes.height() * planes.width();
    int channels = values.length;
    byte[] pixels = new byte[area * channels];
    for (int channel = 0; channel < channels; channel++) {
      int from = planes.offset() + channel * area;
      for (int i = 0; i < area; i++) {
        float share = planes.values()[from + i] * standardDeviation[channel] + mean[channel];
        int value = Math.round(share * (VALUES - 1));
        pixels[i * channels + channel] = (byte) Math.max(0, Math.min(VALUES - 1, value));
      }
    }
    return new RasterImage(planes.height(), planes.width(), channels, pixels);
  }
}
