// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.mixing;

import org.bellows.data.random.SampleRandom;

/**
 * Some lane batches are mixed, the others left as they are; as in Yun et al. 2019, where CutMix
 * takes place with probability 1/2 on CIFAR.
 *
 * @param probability 0..1
 */
public record RandomApply(double probability, Mixing mixing) implements Mixing {
  @Override
  public MixableBatch mix(MixableBatch batch, SampleRandom random) {
    return random.nextDouble() < probability ? mixing.mix(batch, random) : batch;
  }
}
