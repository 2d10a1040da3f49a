// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.mixing;

/**
 * The samples of a lane batch and what they are taught as.
 *
 * @param samples n
 * @param pixels n x channels x height x width, row-major, normalised; not copied
 * @param targets n x classes, row-major, each row a distribution over the classes, or from 0 to 1
 *     for each class by itself; not copied
 */
public record MixableBatch(
    int samples, int channels, int height, int width, float[] pixels, float[] targets) {
  public MixableBatch {
    if (pixels.length != (long) samples * channels * height * width
        || targets.length % samples != 0) {
      throw new IllegalArgumentException(
          "%d pixels and %d targets for %d x %d x %d x %d"
              .formatted(pixels.length, targets.length, samples, channels, height, width));
    }
  }

  int classes() {
    return targets.length / samples;
  }

  /** The first index of a row of pixels. */
  int at(int sample, int channel, int row) {
    return ((sample * channels + channel) * height + row) * width;
  }

  MixableBatch with(float[] otherPixels, float[] otherTargets) {
    return new MixableBatch(samples, channels, height, width, otherPixels, otherTargets);
  }

  /** Adds share times the targets of each sample's partner to its own in {@code sums}. */
  void addTargets(float[] sums, int[] partners, float share) {
    int classes = classes();
    for (int sample = 0; sample < samples; sample++) {
      for (int label = 0; label < classes; label++) {
        sums[sample * classes + label] += share * targets[partners[sample] * classes + label];
      }
    }
  }

  /** share * own + (1 - share) * the partner's. */
  float[] mixedTargets(int[] partners, float share) {
    float[] mixed = new float[targets.length];
    for (int i = 0; i < targets.length; i++) {
      mixed[i] = share * targets[i];
    }
    addTargets(mixed, partners, 1 - share);
    return mixed;
  }
}
