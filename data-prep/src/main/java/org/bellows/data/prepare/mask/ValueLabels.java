// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.mask;

import java.util.Locale;
import org.bellows.data.decode.png.PngSamples;

/** Labels by the values that stand in a mask. Three equal samples are one value. */
final class ValueLabels implements PngSamples.Sink {
  private final MaskRules rules;
  private final PngSamples png;
  private final byte[] labels;
  private final int[] labelOf;
  private final int[] pixels;
  private long coloured;
  private int firstColoured;
  private long transparent;

  ValueLabels(MaskRules rules, PngSamples png) {
    this.rules = rules;
    this.png = png;
    this.labels = new byte[png.height() * png.width()];
    this.labelOf = new int[png.opaque() + 1];
    this.pixels = new int[labelOf.length];
    for (int value = 0; value < labelOf.length; value++) {
      labelOf[value] = rules.label(value);
    }
  }

  @Override
  public void accept(int pixel, int red, int green, int blue, int alpha) {
    if (red != green || red != blue) {
      firstColoured = coloured == 0 ? pixel : firstColoured;
      coloured++;
    }
    if (alpha != png.opaque()) {
      transparent++;
    }
    pixels[red]++;
    labels[pixel] = (byte) labelOf[red];
  }

  /** Height x width. */
  byte[] labels() throws MaskRefusedException {
    if (coloured > 0) {
      throw new MaskRefusedException(
          String.format(
              Locale.ROOT,
              "is in colours (%,d of %,d pixels, the first in row %d, column %d), expected values; source.mask-colours says which colour is which class (voc, or a file)",
              coloured,
              labels.length,
              firstColoured / png.width(),
              firstColoured % png.width()));
    }
    if (transparent > 0) {
      throw new MaskRefusedException(
          String.format(
              Locale.ROOT,
              "has %,d pixels that are not opaque, expected none: a label has no transparency; store the mask without alpha",
              transparent));
    }
    new ValueCounts(rules, pixels).requireLabels();
    return labels;
  }
}
