// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.mixing;

import org.bellows.data.random.BetaDistribution;
import org.bellows.data.random.SampleRandom;

/**
 * Yun et al. 2019, "CutMix: Regularization Strategy to Train Strong Classifiers with Localizable
 * Features" (arXiv 1905.04899), section 3.1: a rectangle of each picture is replaced by the same
 * rectangle of its partner, and labels are mixed by area.
 *
 * <pre>
 *   l ~ Beta(alpha, alpha)
 *   rx ~ Unif(0, W)   rw = W * sqrt(1 - l)
 *   ry ~ Unif(0, H)   rh = H * sqrt(1 - l)
 * </pre>
 *
 * <p>As in the authors' code, l and the rectangle are drawn once a batch, (rx, ry) is its centre,
 * the part outside the picture is cut off, the partner is a permutation of the batch, and the share
 * of the labels is that of the pixels that remain.
 *
 * <p>Deviation: that code rounds the sides down to even numbers of pixels.
 *
 * @param alpha greater than 0; the paper has 1
 */
public record CutMix(double alpha) implements Mixing {
  @Override
  public MixableBatch mix(MixableBatch batch, SampleRandom random) {
    double side = Math.sqrt(1 - new BetaDistribution(alpha, alpha).sample(random));
    int height = (int) (batch.height() * side);
    int width = (int) (batch.width() * side);
    int centreX = random.nextInt(batch.width());
    int centreY = random.nextInt(batch.height());
    int[] partners = random.permutation(batch.samples());
    int top = Math.max(0, centreY - height / 2);
    int left = Math.max(0, centreX - width / 2);
    int bottom = Math.min(batch.height(), centreY + (height + 1) / 2);
    int right = Math.min(batch.width(), centreX + (width + 1) / 2);
    float[] pixels = batch.pixels().clone();
    for (int sample = 0; sample < batch.samples(); sample++) {
      for (int channel = 0; channel < batch.channels(); channel++) {
        for (int row = top; row < bottom; row++) {
          int from = batch.at(partners[sample], channel, row) + left;
          int to = batch.at(sample, channel, row) + left;
          System.arraycopy(batch.pixels(), from, pixels, to, right - left);
        }
      }
    }
    double replaced = (double) (bottom - top) * (right - left);
    float share = (float) (1 - replaced / ((double) batch.height() * batch.width()));
    return batch.with(pixels, batch.mixedTargets(partners, share));
  }
}
