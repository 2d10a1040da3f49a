// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.picture;

import org.bellows.data.random.SampleRandom;

/** A random change of the cropped picture. Implementations are immutable. */
public interface PixelAugmentation {
  /**
   * Augmentations that move pixels move the label map with them, by nearest neighbour; those that
   * change colours leave it. The size stays.
   *
   * @param picture is left as it is
   * @param random the only source of chance; how much is drawn does not depend on the mask
   */
  MaskedPicture apply(MaskedPicture picture, SampleRandom random);
}
