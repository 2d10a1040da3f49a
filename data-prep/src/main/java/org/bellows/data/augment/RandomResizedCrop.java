// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment;

import org.bellows.data.augment.place.Augmentation;
import org.bellows.data.augment.place.Placement;
import org.bellows.data.decode.OpenCv.Region;
import org.bellows.data.random.SampleRandom;

/**
 * A random part of the picture, stretched to the network's size: "Going Deeper with Convolutions"
 * (Szegedy et al. 2015), section 6: "various sized patches of the image whose size is distributed
 * evenly between 8% and 100% of the image area and whose aspect ratio is chosen randomly between
 * 3/4 and 4/3".
 *
 * <p>As in torchvision's RandomResizedCrop: the logarithm of the ratio (width / height) is uniform;
 * a part that does not fit is drawn again, ten times; then the largest central part with a ratio
 * inside the range is taken.
 */
public record RandomResizedCrop(
    int height, int width, double scaleMin, double scaleMax, double ratioMin, double ratioMax)
    implements Augmentation {
  private static final int TRIES = 10;

  @Override
  public Placement place(int pictureHeight, int pictureWidth, SampleRandom random) {
    Region region = region(pictureHeight, pictureWidth, random);
    return new Placement(region, height, width, 0, 0, false);
  }

  private Region region(int pictureHeight, int pictureWidth, SampleRandom random) {
    double area = (double) pictureHeight * pictureWidth;
    for (int attempt = 0; attempt < TRIES; attempt++) {
      double targetArea = area * random.nextDouble(scaleMin, scaleMax);
      double ratio = Math.exp(random.nextDouble(Math.log(ratioMin), Math.log(ratioMax)));
      int cropWidth = (int) Math.round(Math.sqrt(targetArea * ratio));
      int cropHeight = (int) Math.round(Math.sqrt(targetArea / ratio));
      if (cropWidth >= 1
          && cropWidth <= pictureWidth
          && cropHeight >= 1
          && cropHeight <= pictureHeight) {
        int top = random.nextInt(pictureHeight - cropHeight + 1);
        int left = random.nextInt(pictureWidth - cropWidth + 1);
        return new Region(top, left, cropHeight, cropWidth);
      }
    }
    return central(pictureHeight, pictureWidth);
  }

  private Region central(int pictureHeight, int pictureWidth) {
    double ratio = (double) pictureWidth / pictureHeight;
    int cropHeight = pictureHeight;
    int cropWidth = pictureWidth;
    if (ratio < ratioMin) {
      cropHeight = clamp(Math.round(pictureWidth / ratioMin), pictureHeight);
    } else if (ratio > ratioMax) {
      cropWidth = clamp(Math.round(pictureHeight * ratioMax), pictureWidth);
    }
    return new Region(
        (pictureHeight - cropHeight) / 2, (pictureWidth - cropWidth) / 2, cropHeight, cropWidth);
  }

  private static int clamp(long side, int most) {
    return (int) Math.max(1, Math.min(side, most));
  }
}
