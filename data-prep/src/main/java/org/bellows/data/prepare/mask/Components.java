// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.mask;

import org.bellows.data.decode.LabelMaps;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.manifest.PixelClass;

/**
 * Connected regions of a label map: pixels of one class that touch at a side. Class 0 and void are
 * between them. Pixels that touch at a corner alone are of two regions, so that a thin line that
 * runs slantwise still parts what lies on its sides.
 */
public final class Components {
  private final int height;
  private final int width;
  private final byte[] labels;
  private final int[] numbers;
  private final int[] open;

  /**
   * @param labels height x width x 1
   */
  public Components(RasterImage labels) {
    this.height = labels.height();
    this.width = labels.width();
    this.labels = labels.interleaved();
    this.numbers = new int[this.labels.length];
    this.open = new int[this.labels.length];
  }

  /**
   * In the order of their first pixels, row by row.
   *
   * @return height x width: the region's number from 1 on, 0 where there is none
   * @throws MaskRefusedException when there are more than can be numbered
   */
  public int[] numbers() throws MaskRefusedException {
    int regions = 0;
    for (int pixel = 0; pixel < labels.length; pixel++) {
      if (labels[pixel] != 0 && labels[pixel] != (byte) PixelClass.VOID && numbers[pixel] == 0) {
        regions++;
        fill(pixel, regions);
      }
    }
    if (regions > LabelMaps.MOST_INSTANCES) {
      throw new MaskRefusedException(
          "has %d connected regions, expected at most %d"
              .formatted(regions, LabelMaps.MOST_INSTANCES));
    }
    return numbers;
  }

  private void fill(int first, int number) {
    int waiting = 0;
    open[waiting++] = first;
    numbers[first] = number;
    while (waiting > 0) {
      int pixel = open[--waiting];
      int column = pixel % width;
      waiting = visit(pixel - width, pixel >= width, first, waiting);
      waiting = visit(pixel + width, pixel < (height - 1) * width, first, waiting);
      waiting = visit(pixel - 1, column > 0, first, waiting);
      waiting = visit(pixel + 1, column < width - 1, first, waiting);
    }
  }

  private int visit(int pixel, boolean isInside, int first, int waiting) {
    if (isInside && numbers[pixel] == 0 && labels[pixel] == labels[first]) {
      numbers[pixel] = numbers[first];
      open[waiting] = pixel;
      return waiting + 1;
    }
    return waiting;
  }
}
