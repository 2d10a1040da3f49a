// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.mixing;

import org.bellows.data.random.BetaDistribution;
import org.bellows.data.random.SampleRandom;

/**
 * Zhang et al. 2017, "mixup: Beyond Empirical Risk Minimization" (arXiv 1710.09412), section 2:
 *
 * <pre>
 *   x = l * xi + (1 - l) * xj      y = l * yi + (1 - l) * yj      l ~ Beta(alpha, alpha)
 * </pre>
 *
 * <p>As in the authors' code, l is drawn once a batch, and j is a permutation of the batch.
 *
 * @param alpha greater than 0; the paper has 0.2 for ImageNet, 1 for CIFAR-10
 */
public record Mixup(double alpha) implements Mixing {
  @Override
  public MixableBatch mix(MixableBatch batch, SampleRandom random) {
    float share = (float) new BetaDistribution(alpha, alpha).sample(random);
    int[] partners = random.permutation(batch.samples());
    float[] pixels = new float[batch.pixels().length];
    int length = pixels.length / batch.samples();
    for (int sample = 0; sample < batch.samples(); sample++) {
      int own = sample * length;
      int other = partners[sample] * length;
      for (int i = 0; i < length; i++) {
        pixels[own + i] = share * batch.pixels()[own + i] + (1 - share) * batch.pixels()[other + i];
      }
    }
    return batch.with(pixels, batch.mixedTargets(partners, share));
  }
}
