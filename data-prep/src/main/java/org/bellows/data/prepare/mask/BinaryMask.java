// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.mask;

import org.bellows.data.decode.png.PngSamples;

/** A mask that marks the pixels of one thing: 0, and one other value. */
final class BinaryMask implements PngSamples.Sink {
  private final byte[] marks;
  private int value;
  private long others;

  BinaryMask(PngSamples png) {
    this.marks = new byte[png.height() * png.width()];
  }

  @Override
  public void accept(int pixel, int red, int green, int blue, int alpha) {
    if (red == 0 && green == 0 && blue == 0) {
      return;
    }
    value = value == 0 ? red : value;
    if (red != value || green != red || blue != red) {
      others++;
    }
    marks[pixel] = 1;
  }

  /** Height x width: 1 where it marks. */
  byte[] marks() throws MaskRefusedException {
    if (others > 0) {
      throw new MaskRefusedException(
          "marks one thing of several, but holds %d pixels besides those of 0 and %d, expected two values"
              .formatted(others, value));
    }
    return marks;
  }
}
