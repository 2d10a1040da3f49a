// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.mask;

import org.bellows.data.decode.LabelMaps;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.decode.png.PngSamples;
import org.bellows.data.manifest.PixelClass;

/**
 * A mask whose values are numbers of objects: 0 is the background, class 0; any other value is an
 * object, class 1. Values that mean void belong to no object.
 */
final class NumberedObjects implements PngSamples.Sink {
  private final MaskRules rules;
  private final PngSamples png;
  private final byte[] labels;
  private final int[] numbers;
  private long coloured;

  NumberedObjects(MaskRules rules, PngSamples png) {
    this.rules = rules;
    this.png = png;
    this.labels = new byte[png.height() * png.width()];
    this.numbers = new int[labels.length];
  }

  @Override
  public void accept(int pixel, int red, int green, int blue, int alpha) {
    if (red != green || red != blue) {
      coloured++;
    }
    if (rules.voids().contains(red)) {
      labels[pixel] = (byte) PixelClass.VOID;
    } else {
      labels[pixel] = (byte) (red == 0 ? 0 : 1);
      numbers[pixel] = red;
    }
  }

  /** Height x width x 3. */
  RasterImage map() throws MaskRefusedException {
    if (coloured > 0) {
      throw new MaskRefusedException(
          "is in colours (%d of %d pixels), expected numbers of objects"
              .formatted(coloured, labels.length));
    }
    return LabelMaps.joined(new RasterImage(png.height(), png.width(), 1, labels), numbers);
  }
}
