// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.loss;

import java.util.Arrays;

/**
 * One picture as the losses see it that compare regions: probabilities, and the pixels of each
 * class. Each loss gives its derivative by the probabilities, before the softmax.
 */
final class PixelRegion {
  private final float[] p;
  private final int classes;
  private final int pixels;
  private final int[] labels;
  private final int[] counts;
  private final int present;

  /**
   * @param p probabilities [classes, pixels]
   * @param labels [pixels], -1 where a pixel does not count
   */
  PixelRegion(float[] p, int classes, int[] labels) {
    this.p = p;
    this.classes = classes;
    this.pixels = labels.length;
    this.labels = labels;
    this.counts = new int[classes];
    for (int label : labels) {
      if (label >= 0) {
        counts[label]++;
      }
    }
    this.present = (int) Arrays.stream(counts).filter(count -> count > 0).count();
  }

  /**
   * Soft Dice (Milletari, Navab, Ahmadi, "V-Net", 2016, section 3, with sums instead of squares;
   * Isensee et al. 2021), the mean over the classes that the picture has. Of class c with the truth
   * g = 1 at its pixels, over the pixels that count:
   *
   * <pre>
   * loss_c         = 1 - (2 I + 1) / (P + G + 1),  I = sum(p g), P = sum(p), G = sum(g)
   * d loss_c / d p = (2 I + 1) / (P + G + 1)^2 - 2 g / (P + G + 1)
   * </pre>
   *
   * @param weight of the loss
   * @param slopes [classes, pixels], gets the derivative added
   */
  double dice(double weight, float[] slopes) {
    double loss = 0;
    for (int c = 0; c < classes; c++) {
      if (counts[c] > 0) {
        loss += diceOf(c, weight / present, slopes);
      }
    }
    return loss;
  }

  private double diceOf(int c, double weight, float[] slopes) {
    double overlap = 1;
    double all = counts[c] + 1;
    for (int i = 0; i < pixels; i++) {
      if (labels[i] >= 0) {
        all += p[c * pixels + i];
        overlap += labels[i] == c ? 2.0 * p[c * pixels + i] : 0;
      }
    }
    float outside = (float) (weight * overlap / (all * all));
    float inside = (float) (weight * (overlap / (all * all) - 2 / all));
    for (int i = 0; i < pixels; i++) {
      if (labels[i] >= 0) {
        slopes[c * pixels + i] += labels[i] == c ? inside : outside;
      }
    }
    return weight * (1 - overlap / all);
  }

  /**
   * Lovász-softmax (Berman, Rannen Triki, Blaschko, "The Lovász-Softmax Loss", 2018, equation 9 and
   * algorithm 1), the mean over the classes that the picture has. Errors m = |g - p| of a class
   * fall; with so many pixels of the class, and of others, among the first i of them
   *
   * <pre>
   * J_i    = 1 - (G - own_i) / (G + others_i),  J_0 = 0
   * loss_c = sum over i of m_i * (J_i - J_(i-1))
   * </pre>
   *
   * Of equal errors the pixel that comes first.
   *
   * @param weight of the loss
   * @param slopes [classes, pixels], gets the derivative added
   */
  double lovasz(double weight, float[] slopes) {
    double loss = 0;
    for (int c = 0; c < classes; c++) {
      if (counts[c] > 0) {
        loss += lovaszOf(c, weight / present, slopes);
      }
    }
    return loss;
  }

  private double lovaszOf(int c, double weight, float[] slopes) {
    double loss = 0;
    double before = 0;
    int own = 0;
    int others = 0;
    for (long error : falling(c)) {
      int pixel = (int) error;
      boolean isOwn = labels[pixel] == c;
      own += isOwn ? 1 : 0;
      others += isOwn ? 0 : 1;
      double jaccard = 1 - (counts[c] - own) / (double) (counts[c] + others);
      double share = weight * (jaccard - before);
      before = jaccard;
      float probability = p[c * pixels + pixel];
      loss += share * (isOwn ? 1 - probability : probability);
      slopes[c * pixels + pixel] += (float) (isOwn ? -share : share);
    }
    return loss;
  }

  /** The pixels that count, in the lower half of each number, the largest error first. */
  private long[] falling(int c) {
    long[] errors = new long[Arrays.stream(counts).sum()];
    int next = 0;
    for (int i = 0; i < pixels; i++) {
      if (labels[i] >= 0) {
        float probability = p[c * pixels + i];
        float error = labels[i] == c ? 1 - probability : probability;
        // Bits of floats from 0 on rise as they do.
        long falls = (long) Integer.MAX_VALUE - Float.floatToRawIntBits(Math.max(0, error));
        errors[next++] = falls << 32 | i;
      }
    }
    Arrays.sort(errors);
    return errors;
  }
}
