// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.segment;

import java.util.Arrays;
import org.bellows.models.graph.InputShape;

/**
 * A normalised picture of any size.
 *
 * @param values [channels, height, width], row-major; not copied
 */
record Planes(float[] values, int channels, int height, int width) {

  /** Extended at the bottom and right by the mean, which is 0. */
  Planes padded(int toHeight, int toWidth) {
    if (toHeight == height && toWidth == width) {
      return this;
    }
    float[] padded = new float[channels * toHeight * toWidth];
    for (int line = 0; line < channels * height; line++) {
      int to = (line / height * toHeight + line % height) * toWidth;
      System.arraycopy(values, line * width, padded, to, width);
    }
    return new Planes(padded, channels, toHeight, toWidth);
  }

  /**
   * A window, which may reach beyond the picture: there the picture is mirrored, its outermost
   * pixels once only.
   *
   * @return [channels, size.height, size.width]
   */
  float[] window(int top, int left, InputShape size) {
    float[] window = new float[size.elements()];
    int[] columns = mirrored(left, size.width(), width);
    int[] rows = mirrored(top, size.height(), height);
    int to = 0;
    for (int channel = 0; channel < channels; channel++) {
      for (int row : rows) {
        int from = (channel * height + row) * width;
        for (int column : columns) {
          window[to++] = values[from + column];
        }
      }
    }
    return window;
  }

  private static int[] mirrored(int first, int length, int side) {
    int[] at = new int[length];
    int period = Math.max(1, 2 * (side - 1));
    Arrays.setAll(
        at,
        i -> {
          int inPeriod = Math.floorMod(first + i, period);
          return Math.min(inPeriod, period - inPeriod) % side;
        });
    return at;
  }

  /** Left and right exchanged. */
  Planes flipped() {
    float[] flipped = new float[values.length];
    for (int line = 0; line < channels * height; line++) {
      for (int i = 0; i < width; i++) {
        flipped[line * width + i] = values[(line + 1) * width - 1 - i];
      }
    }
    return new Planes(flipped, channels, height, width);
  }
}
