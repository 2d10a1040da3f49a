// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.picture;

import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.random.SampleRandom;

/**
 * The picture turned about its centre by an angle uniform in [-maxDegrees, maxDegrees], bilinear;
 * the label map by the same angle, nearest neighbour. As in Ronneberger et al. 2015 ("U-Net",
 * section 3.1), where rotations make up for few labelled pictures.
 *
 * @param maxDegrees 0..180
 * @param fill grey value 0..255 of what comes in from outside
 * @param maskFill label of it
 */
public record Rotation(double maxDegrees, int fill, int maskFill) implements PixelAugmentation {
  @Override
  public MaskedPicture apply(MaskedPicture picture, SampleRandom random) {
    RasterImage pixels = picture.pixels();
    double degrees = random.nextDouble(-maxDegrees, maxDegrees);
    Affine affine = Affine.rotation(degrees, pixels.height(), pixels.width());
    RasterImage mask =
        picture.mask() == null ? null : affine.nearestLabels(picture.mask(), maskFill);
    return new MaskedPicture(affine.bilinear(pixels, fill), mask);
  }
}
