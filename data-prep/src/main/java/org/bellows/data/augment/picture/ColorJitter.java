// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.picture;

import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.random.SampleRandom;

/**
 * Brightness, contrast, saturation and hue changed at random, in a random order: Howard 2013, "Some
 * Improvements on Deep Convolutional Neural Network Based Image Classification", section 2.2, in
 * the form of torchvision's ColorJitter: a factor uniform in [1 - x, 1 + x] for each of the first
 * three, which {@link Enhance} defines, and a turn of the colour circle uniform in [-hue, hue]. The
 * order is drawn for each sample.
 *
 * <p>Deviation: hue is turned in floats, where PIL rounds hue and saturation to 8 bits.
 *
 * @param brightness 0..1; 0 leaves it
 * @param contrast 0..1; 0 leaves it
 * @param saturation 0..1; 0 leaves it
 * @param hue 0..0.5, part of the circle; 0 leaves it
 */
public record ColorJitter(double brightness, double contrast, double saturation, double hue)
    implements PixelAugmentation {
  private static final int CHANGES = 4;

  public boolean changesNothing() {
    return brightness == 0 && contrast == 0 && saturation == 0 && hue == 0;
  }

  @Override
  public MaskedPicture apply(MaskedPicture picture, SampleRandom random) {
    int[] order = random.permutation(CHANGES);
    float brightnessFactor = (float) (1 + random.nextDouble(-brightness, brightness));
    float contrastFactor = (float) (1 + random.nextDouble(-contrast, contrast));
    float saturationFactor = (float) (1 + random.nextDouble(-saturation, saturation));
    float turn = (float) random.nextDouble(-hue, hue);
    RasterImage pixels = picture.pixels();
    for (int change : order) {
      pixels =
          switch (change) {
            case 0 -> brightness == 0 ? pixels : Enhance.brightness(pixels, brightnessFactor);
            case 1 -> contrast == 0 ? pixels : Enhance.contrast(pixels, contrastFactor);
            case 2 -> saturation == 0 ? pixels : Enhance.colour(pixels, saturationFactor);
            default -> hue == 0 ? pixels : Hue.shift(pixels, turn);
          };
    }
    return picture.withPixels(pixels);
  }
}
