// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.mixing;

import org.bellows.data.random.SampleRandom;

/** A way to make new samples of those of one lane batch. Implementations are immutable. */
public interface Mixing {
  /**
   * @param batch is left as it is; a row of the result's targets is a weighted mean of its rows
   * @param random the only source of chance
   */
  MixableBatch mix(MixableBatch batch, SampleRandom random);
}
