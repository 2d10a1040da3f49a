// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment;

import org.bellows.data.augment.place.Augmentation;
import org.bellows.data.augment.place.Placement;
import org.bellows.data.decode.OpenCv.Region;
import org.bellows.data.random.SampleRandom;

/**
 * The shorter side brought to {@code shorterSide} pixels with the aspect ratio kept, then the
 * middle of it: the usual evaluation on ImageNet (Krizhevsky et al. 2012, section 2).
 *
 * <p>Deviation: the middle is cut out first, on whole pixels of the source, and scaled afterwards.
 * The result differs by less than one source pixel at the edges, and a picture of 1 x 100,000
 * pixels does not become one of 256 x 25,600,000 on the way.
 *
 * @param shorterSide at least the larger of height and width
 */
public record CenterCrop(int height, int width, int shorterSide) implements Augmentation {
  @Override
  public Placement place(int pictureHeight, int pictureWidth, SampleRandom random) {
    double scale = (double) Math.min(pictureHeight, pictureWidth) / shorterSide;
    int cropHeight = (int) Math.max(1, Math.round(height * scale));
    int cropWidth = (int) Math.max(1, Math.round(width * scale));
    Region middle =
        new Region(
            (pictureHeight - cropHeight) / 2,
            (pictureWidth - cropWidth) / 2,
            cropHeight,
            cropWidth);
    return new Placement(middle, height, width, 0, 0, false);
  }
}
