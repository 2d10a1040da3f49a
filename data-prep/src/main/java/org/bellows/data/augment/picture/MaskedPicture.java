// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.picture;

import org.bellows.data.decode.image.RasterImage;

/**
 * A picture and its label map.
 *
 * @param pixels height x width x (1 or 3)
 * @param mask height x width x 1, a label a pixel, or x 3, with the numbers of objects ({@link
 *     org.bellows.data.decode.LabelMaps}); null where the sample has none
 */
public record MaskedPicture(RasterImage pixels, RasterImage mask) {
  public MaskedPicture {
    if (mask != null
        && (mask.height() != pixels.height()
            || mask.width() != pixels.width()
            || (mask.channels() != 1 && mask.channels() != 3))) {
      throw new IllegalArgumentException(
          "a label map of %d x %d x %d for a picture of %d x %d"
              .formatted(
                  mask.height(), mask.width(), mask.channels(), pixels.height(), pixels.width()));
    }
  }

  /** Other colours, nothing moved. */
  public MaskedPicture withPixels(RasterImage other) {
    return new MaskedPicture(other, mask);
  }
}
