package org.bellows.data.augment.planes;

import org.bellows.data.decode.Pixels;

/**
 * 8-bit pixels -> floats: (x / 255 - mean) / deviation for each channel, height x width x channels
 * -> channels x height x width. RGB becomes grey by Rec. ITU-R BT.601 luma (0.299 R + 0.587 G +
 * 0.114 B, rounded), grey becomes RGB by repeating it. Immutable.
 */
public final class Normaliser {
  private static final int VALUES = 256;
  private static final int RED = 19595;
  private static final int GREEN = 38470;
  private static final int BLUE = 7471;
  private static final int HALF = 1 << 15;
  private static final int SHIFT = 16;

  private final float[] mean;
  private final float[] standardDeviation;

  /** {@code [channel][x]} of every 8-bit value: a look-up is faster than the arithmetic. */
  private final float[][] values;

  /**
   * @param mean of each channel in 0..1; its length is the number of channels, 1 or 3
   * @param standardDeviation of each channel, greater than 0
   */
  public Normaliser(float[] mean, float[] standardDeviation) {
    if (mean.length != standardDeviation.length || mean.length != 1 && mean.length != 3) {
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
  public void normalise(Pixels pixels, float[] out, int offset) {
    byte[] from = pixels.interleaved();
    int area = pixels.height() * pixels.width();
    if (pixels.channels() == 3 && values.length == 1) {
      for (int i = 0; i < area; i++) {
        out[offset + i] = values[0][luma(from, 3 * i)];
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

  /** What this value of a pixel becomes. */
  float normalised(int channel, int value) {
    return values[channel][value];
  }

  /**
   * What adding this much to a pixel adds to its normalised value.
   *
   * @param share of the range of values: 1 is from black to white
   */
  float difference(int channel, double share) {
    return (float) (share / standardDeviation[channel]);
  }

  /** Back to pixels, rounded and clipped: height x width x channels of the network. */
  public Pixels denormalise(Planes planes) {
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
    return new Pixels(planes.height(), planes.width(), channels, pixels);
  }

  private static int luma(byte[] rgb, int at) {
    return (RED * (rgb[at] & 0xFF)
            + GREEN * (rgb[at + 1] & 0xFF)
            + BLUE * (rgb[at + 2] & 0xFF)
            + HALF)
        >> SHIFT;
  }
}
