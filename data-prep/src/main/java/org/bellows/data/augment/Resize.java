// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment;

import org.bellows.data.augment.place.Augmentation;
import org.bellows.data.augment.place.Placement;
import org.bellows.data.random.SampleRandom;

/** The whole picture, brought to the network's size without regard to its aspect ratio. */
public record Resize(int height, int width) implements Augmentation {
  @Override
  public Placement place(int pictureHeight, int pictureWidth, SampleRandom random) {
    return Placement.stretched(pictureHeight, pictureWidth, height, width);
  }
}
