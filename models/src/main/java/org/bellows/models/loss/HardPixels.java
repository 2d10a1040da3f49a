// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.loss;

import java.util.Arrays;

/**
 * The pixels of a picture with the highest losses (Shrivastava, Gupta, Girshick, "Training
 * Region-based Object Detectors with Online Hard Example Mining", 2016; pixels as in Wu, Shen, van
 * den Hengel, "High-performance Semantic Segmentation Using Very Deep Fully Convolutional
 * Networks", 2016).
 */
final class HardPixels {
  private HardPixels() {}

  /**
   * Keeps the k = ceil(share * valid) pixels of the highest loss, of equal ones those that come
   * first, and lets them stand for all: times valid / k. The others' losses and slopes become 0.
   *
   * @param losses [pixels], 0 where a pixel is not valid
   * @param slopes [pixels], likewise
   * @param valid how many pixels have a weight; those are the ones with a slope
   */
  static void keepInPlace(double share, float[] losses, float[] slopes, int valid) {
    int kept = (int) Math.ceil(share * valid);
    if (kept == valid) {
      return;
    }
    float threshold = smallestKept(losses, slopes, valid, kept);
    int above = 0;
    for (int i = 0; i < losses.length; i++) {
      above += slopes[i] != 0 && losses[i] > threshold ? 1 : 0;
    }
    int equal = kept - above;
    float scale = (float) valid / kept;
    for (int i = 0; i < losses.length; i++) {
      boolean isKept =
          slopes[i] != 0 && (losses[i] > threshold || (losses[i] == threshold && equal-- > 0));
      losses[i] = isKept ? losses[i] * scale : 0;
      slopes[i] = isKept ? slopes[i] * scale : 0;
    }
  }

  private static float smallestKept(float[] losses, float[] slopes, int valid, int kept) {
    float[] sorted = new float[valid];
    int next = 0;
    for (int i = 0; i < losses.length; i++) {
      if (slopes[i] != 0) {
        sorted[next++] = losses[i];
      }
    }
    Arrays.sort(sorted);
    return sorted[valid - kept];
  }
}
