// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.loss;

import java.util.Arrays;

/**
 * Softmax over the channels of maps, in single precision and in memory that is there already. Its
 * exponential is written out here, so that its bits are the same on every processor.
 */
public final class PixelSoftmax {
  /** Pixels of a block, whose values of all classes stay in a cache. */
  private static final int BLOCK = 512;

  private static final float LOG2_E = 1.44269504f;

  private static final double LN2 = Math.log(2);

  private static final double SQRT2 = Math.sqrt(2);

  /** ln 2 in two parts, the first of few bits: its product with a small integer is exact. */
  private static final float LN2_HIGH = 0.693359375f;

  private static final float LN2_LOW = -2.12194440e-4f;

  /** Below it the exponential is no normal float, and counts as 0. */
  private static final float SMALLEST_EXPONENT = -87f;

  private PixelSoftmax() {}

  /**
   * @param z logits [classes, pixels]; become probabilities
   */
  public static void applyInPlace(float[] z, int classes) {
    applyInPlace(z, classes, null, 0, null);
  }

  /**
   * @param z logits [classes, pixels]; become probabilities
   * @param labels the pixels' labels from index {@code from} on, 0 .. classes-1; null: none
   * @param surprise [pixels], filled with -log of the label's probability unless null
   */
  public static void applyInPlace(
      float[] z, int classes, float[] labels, int from, float[] surprise) {
    int pixels = z.length / classes;
    float[] top = new float[BLOCK];
    float[] sum = new float[BLOCK];
    for (int first = 0; first < pixels; first += BLOCK) {
      int length = Math.min(BLOCK, pixels - first);
      largest(z, classes, pixels, first, length, top);
      if (surprise != null) {
        for (int i = 0; i < length; i++) {
          int label = (int) labels[from + first + i];
          surprise[first + i] = top[i] - z[label * pixels + first + i];
        }
      }
      exponentials(z, classes, pixels, first, length, top, sum);
      if (surprise != null) {
        for (int i = 0; i < length; i++) {
          surprise[first + i] += (float) log(sum[i]);
        }
      }
      shares(z, classes, pixels, first, length, sum);
    }
  }

  private static void largest(
      float[] z, int classes, int pixels, int first, int length, float[] top) {
    System.arraycopy(z, first, top, 0, length);
    for (int c = 1; c < classes; c++) {
      int row = c * pixels + first;
      for (int i = 0; i < length; i++) {
        top[i] = Math.max(top[i], z[row + i]);
      }
    }
  }

  private static void exponentials(
      float[] z, int classes, int pixels, int first, int length, float[] top, float[] sum) {
    Arrays.fill(sum, 0);
    for (int c = 0; c < classes; c++) {
      int row = c * pixels + first;
      for (int i = 0; i < length; i++) {
        float exponential = exp(z[row + i] - top[i]);
        z[row + i] = exponential;
        sum[i] += exponential;
      }
    }
  }

  private static void shares(
      float[] z, int classes, int pixels, int first, int length, float[] sum) {
    for (int i = 0; i < length; i++) {
      sum[i] = 1 / sum[i];
    }
    for (int c = 0; c < classes; c++) {
      int row = c * pixels + first;
      for (int i = 0; i < length; i++) {
        z[row + i] *= sum[i];
      }
    }
  }

  /**
   * e^x within 2e-7 of it: 2^k times the series of e^r up to r^7, |r| at most ln(2) / 2.
   *
   * @param x not more than 0
   */
  static float exp(float x) {
    if (x < SMALLEST_EXPONENT) {
      return 0;
    }
    int k = (int) (x * LOG2_E - 0.5f);
    float r = x - k * LN2_HIGH - k * LN2_LOW;
    float series =
        1
            + r
                * (1
                    + r
                        * (1f / 2
                            + r
                                * (1f / 6
                                    + r
                                        * (1f / 24
                                            + r * (1f / 120 + r * (1f / 720 + r * (1f / 5040)))))));
    return series * Float.intBitsToFloat((k + 127) << 23);
  }

  /**
   * ln x within 1e-9 of it: x = 2^k * m, ln m = 2 artanh((m - 1) / (m + 1)).
   *
   * @param x not less than 1, or not a number
   */
  static double log(float x) {
    int bits = Float.floatToRawIntBits(x);
    int k = (bits >> 23) - 127;
    double m = Float.intBitsToFloat((bits & 0x007fffff) | 0x3f800000);
    if (m > SQRT2) {
      m /= 2;
      k++;
    }
    double t = (m - 1) / (m + 1);
    double square = t * t;
    double series =
        1
            + square
                * (1.0 / 3
                    + square * (1.0 / 5 + square * (1.0 / 7 + square * (1.0 / 9 + square / 11))));
    // Neither an infinity nor what is not a number has a logarithm here.
    return Float.isFinite(x) ? k * LN2 + 2 * t * series : Double.NaN;
  }
}
