// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.planes;

import org.bellows.data.random.SampleRandom;

/**
 * Zhong et al. 2017, "Random Erasing Data Augmentation" (arXiv 1708.04896), algorithm 1, on a
 * picture of W x H = S pixels. With probability p:
 *
 * <pre>
 *   Se = Rand(sl, sh) * S      re = Rand(r1, 1 / r1)
 *   He = sqrt(Se * re)         We = sqrt(Se / re)
 *   xe = Rand(0, W)            ye = Rand(0, H)
 * </pre>
 *
 * <p>until {@code xe + We <= W} and {@code ye + He <= H}; then that rectangle is filled.
 *
 * <p>Deviations: sides are rounded to whole pixels; after {@value #TRIES} rectangles that do not
 * fit the picture is left as it is, where the paper's loop does not end.
 *
 * @param probability p
 * @param areaMin sl
 * @param areaMax sh
 * @param ratioMin r1, at most 1
 * @param normaliser of the planes
 */
public record RandomErasing(
    double probability,
    double areaMin,
    double areaMax,
    double ratioMin,
    Fill fill,
    Normalizer normaliser)
    implements TensorAugmentation {
  private static final int TRIES = 100;
  private static final int HIGHEST = 255;

  /** The content of the rectangle: the paper's four choices. */
  public enum Fill {
    /** RE-R: each value of each pixel on its own, uniform in 0..255. */
    RANDOM,
    /** RE-M: the mean that the input is normalised with. The paper has ImageNet's. */
    MEAN,
    /** RE-0. */
    BLACK,
    /** RE-255. */
    WHITE
  }

  @Override
  public void applyInPlace(ChannelPlanes planes, SampleRandom random) {
    if (random.nextDouble() >= probability) {
      return;
    }
    double area = (double) planes.height() * planes.width();
    for (int attempt = 0; attempt < TRIES; attempt++) {
      double erased = area * random.nextDouble(areaMin, areaMax);
      double ratio = random.nextDouble(ratioMin, 1 / ratioMin);
      int height = (int) Math.max(1, Math.round(Math.sqrt(erased * ratio)));
      int width = (int) Math.max(1, Math.round(Math.sqrt(erased / ratio)));
      int left = random.nextInt(planes.width());
      int top = random.nextInt(planes.height());
      if (left + width <= planes.width() && top + height <= planes.height()) {
        eraseInPlace(planes, top, left, top + height, left + width, random);
        return;
      }
    }
  }

  private void eraseInPlace(
      ChannelPlanes planes, int top, int left, int bottom, int right, SampleRandom random) {
    if (fill != Fill.RANDOM) {
      planes.fillInPlace(top, left, bottom, right, even(planes.channels()));
      return;
    }
    for (int channel = 0; channel < planes.channels(); channel++) {
      for (int row = top; row < bottom; row++) {
        int start = planes.at(channel, row);
        for (int i = start + left; i < start + right; i++) {
          int value = random.nextInt(HIGHEST + 1);
          planes.values()[i] = normaliser.normalised(channel, value);
        }
      }
    }
  }

  private float[] even(int channels) {
    float[] values = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      values[channel] =
          switch (fill) {
            case BLACK -> normaliser.normalised(channel, 0);
            case WHITE -> normaliser.normalised(channel, HIGHEST);
            default -> 0;
          };
    }
    return values;
  }
}
