// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.planes;

import org.bellows.data.random.SampleRandom;

/**
 * A square whose centre is a uniformly random pixel is set to zero, which after normalisation is
 * the dataset's mean: DeVries and Taylor 2017, "Improved Regularization of Convolutional Neural
 * Networks with Cutout", section 3.2. Parts of it may be outside the picture, as the paper found
 * important.
 *
 * @param side of the square in pixels, at least 1; the paper has 16 for CIFAR-10, 8 for CIFAR-100
 */
public record Cutout(int side) implements TensorAugmentation {
  @Override
  public void applyInPlace(ChannelPlanes planes, SampleRandom random) {
    int top = random.nextInt(planes.height()) - side / 2;
    int left = random.nextInt(planes.width()) - side / 2;
    planes.fillInPlace(top, left, top + side, left + side, new float[planes.channels()]);
  }
}
