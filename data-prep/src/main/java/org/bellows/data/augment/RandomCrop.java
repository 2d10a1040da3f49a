// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment;

import org.bellows.data.augment.place.Augmentation;
import org.bellows.data.augment.place.Placement;
import org.bellows.data.random.SampleRandom;

/**
 * Stretched to the network's size, padded with {@code padding} zero pixels on each side, then a
 * window of the network's size at a uniformly random place (He et al. 2015, section 4.2: CIFAR-10,
 * padding 4).
 */
public record RandomCrop(int height, int width, int padding) implements Augmentation {
  @Override
  public Placement place(int pictureHeight, int pictureWidth, SampleRandom random) {
    int top = random.nextInt(2 * padding + 1) - padding;
    int left = random.nextInt(2 * padding + 1) - padding;
    return Placement.stretched(pictureHeight, pictureWidth, height, width).at(top, left);
  }
}
