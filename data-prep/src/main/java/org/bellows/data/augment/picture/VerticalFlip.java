// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.picture;

import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.random.SampleRandom;

/** Top and bottom swapped with probability 1/2: for pictures without an up and a down. */
public record VerticalFlip() implements PixelAugmentation {
  @Override
  public MaskedPicture apply(MaskedPicture picture, SampleRandom random) {
    if (!random.nextBoolean()) {
      return picture;
    }
    RasterImage mask = picture.mask() == null ? null : flipped(picture.mask());
    return new MaskedPicture(flipped(picture.pixels()), mask);
  }

  private static RasterImage flipped(RasterImage picture) {
    int row = picture.width() * picture.channels();
    byte[] from = picture.interleaved();
    byte[] to = new byte[from.length];
    for (int at = 0; at < from.length; at += row) {
      System.arraycopy(from, at, to, from.length - row - at, row);
    }
    return new RasterImage(picture.height(), picture.width(), picture.channels(), to);
  }
}
