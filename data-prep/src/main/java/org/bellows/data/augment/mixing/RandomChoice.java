// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.mixing;

import org.bellows.data.random.SampleRandom;

/**
 * One of two for each lane batch, as mixup and CutMix are combined in Wightman, Touvron, Jegou
 * 2021, "ResNet strikes back: An improved training procedure in timm" (arXiv 2110.00476), section
 * 4.1.
 *
 * <p>Deviation: the authors draw once for the batch of a GPU; a lane batch is what corresponds to
 * it, so the draw does not depend on the number of executors.
 *
 * @param firstShare how often it is the first, 0..1; the paper has 1/2
 */
public record RandomChoice(double firstShare, Mixing first, Mixing second) implements Mixing {
  @Override
  public MixableBatch mix(MixableBatch batch, SampleRandom random) {
    return (random.nextDouble() < firstShare ? first : second).mix(batch, random);
  }
}
