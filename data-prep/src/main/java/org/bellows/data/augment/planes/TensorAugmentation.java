// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.planes;

import org.bellows.data.random.SampleRandom;

/** A random change of a normalised picture. Label maps stay. Implementations are immutable. */
public interface TensorAugmentation {
  /**
   * @param planes are changed
   * @param random the only source of chance
   */
  void applyInPlace(ChannelPlanes planes, SampleRandom random);
}
