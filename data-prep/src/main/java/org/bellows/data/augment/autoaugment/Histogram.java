// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.autoaugment;

import java.util.function.Function;
import org.bellows.data.augment.picture.LookupTable;
import org.bellows.data.decode.image.RasterImage;

/** The two operations that look at how often each value occurs, channel by channel. */
final class Histogram {
  private static final int VALUES = 256;
  private static final int HIGHEST = VALUES - 1;

  private Histogram() {}

  /**
   * PIL's ImageOps.autocontrast without a cutoff: the lowest value that occurs becomes 0, the
   * highest 255, values between them are stretched. A channel of one value stays as it is.
   */
  static RasterImage autoContrast(RasterImage pixels) {
    return perChannel(pixels, Histogram::stretch);
  }

  /**
   * PIL's ImageOps.equalize: each value becomes the share of pixels below it, so that the channel's
   * histogram comes out even. A channel of one value stays as it is.
   */
  static RasterImage equalize(RasterImage pixels) {
    return perChannel(pixels, Histogram::even);
  }

  private static RasterImage perChannel(RasterImage pixels, Function<int[], LookupTable> tableOf) {
    byte[] in = pixels.interleaved();
    int channels = pixels.channels();
    LookupTable[] tables = new LookupTable[channels];
    int[][] counts = new int[channels][VALUES];
    if (channels == 1) {
      count(in, counts[0]);
    } else {
      count(in, counts[0], counts[1], counts[2]);
    }
    for (int channel = 0; channel < channels; channel++) {
      tables[channel] = tableOf.apply(counts[channel]);
    }
    return LookupTable.apply(pixels, tables);
  }

  private static void count(byte[] in, int[] counts) {
    for (byte value : in) {
      counts[value & 0xFF]++;
    }
  }

  private static void count(byte[] in, int[] red, int[] green, int[] blue) {
    for (int i = 0; i < in.length; i += 3) {
      red[in[i] & 0xFF]++;
      green[in[i + 1] & 0xFF]++;
      blue[in[i + 2] & 0xFF]++;
    }
  }

  private static LookupTable stretch(int[] counts) {
    int low = 0;
    while (counts[low] == 0) {
      low++;
    }
    int high = highest(counts);
    if (high <= low) {
      return new LookupTable(value -> value);
    }
    double scale = (double) HIGHEST / (high - low);
    double offset = -low * scale;
    return new LookupTable(value -> (int) (value * scale + offset));
  }

  private static LookupTable even(int[] counts) {
    int total = 0;
    for (int count : counts) {
      total += count;
    }
    // PIL leaves out the last value's pixels, so that it reaches 255.
    int step = (total - counts[highest(counts)]) / HIGHEST;
    if (step == 0) {
      return new LookupTable(value -> value);
    }
    int[] values = new int[VALUES];
    int below = step / 2;
    for (int value = 0; value < VALUES; value++) {
      values[value] = below / step;
      below += counts[value];
    }
    return new LookupTable(value -> values[value]);
  }

  private static int highest(int[] counts) {
    int high = HIGHEST;
    while (counts[high] == 0) {
      high--;
    }
    return high;
  }
}
