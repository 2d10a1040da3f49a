// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment;

import org.bellows.conf.AugmentSettings;
import org.bellows.data.augment.place.Augmentation;
import org.bellows.data.augment.place.Interpolation;
import org.bellows.data.augment.place.Placement;
import org.bellows.data.random.SampleRandom;

/** A placement that is resized by another interpolation, drawn after the placement if by chance. */
record Interpolated(Augmentation placing, AugmentSettings.Interpolation interpolation)
    implements Augmentation {

  /** Itself where it is bilinear, which placements are. */
  static Augmentation of(Augmentation placing, AugmentSettings.Interpolation interpolation) {
    return interpolation == AugmentSettings.Interpolation.BILINEAR
        ? placing
        : new Interpolated(placing, interpolation);
  }

  @Override
  public Placement place(int height, int width, SampleRandom random) {
    Placement placement = placing.place(height, width, random);
    return switch (interpolation) {
      case BILINEAR -> placement;
      case BICUBIC -> placement.by(Interpolation.BICUBIC);
      case RANDOM ->
          placement.by(random.nextBoolean() ? Interpolation.BICUBIC : Interpolation.BILINEAR);
    };
  }
}
