// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment;

import org.bellows.data.augment.place.Augmentation;
import org.bellows.data.augment.place.Placement;
import org.bellows.data.random.SampleRandom;

/** Another augmentation, then left and right swapped with probability 1/2. */
public record RandomHorizontalFlip(Augmentation before) implements Augmentation {
  @Override
  public Placement place(int pictureHeight, int pictureWidth, SampleRandom random) {
    Placement placement = before.place(pictureHeight, pictureWidth, random);
    return placement.mirrored(placement.mirrored() != random.nextBoolean());
  }
}
