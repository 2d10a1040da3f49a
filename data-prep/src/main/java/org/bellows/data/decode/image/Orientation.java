// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.image;

/**
 * The EXIF orientation: how the stored picture is turned for display. Displayed pixel (row, column)
 * is stored pixel (row, column) after transposing, then mirroring rows or columns of the stored
 * picture.
 *
 * @param transposed rows become columns
 * @param flipsRows stored rows are read from the bottom
 * @param flipsColumns stored columns are read from the right
 */
public record Orientation(boolean transposed, boolean flipsRows, boolean flipsColumns) {
  public static final Orientation UPRIGHT = new Orientation(false, false, false);

  /** EXIF tag 0x0112; values outside 1..8 count as upright, as viewers have it. */
  public static Orientation ofExif(int value) {
    return switch (value) {
      case 2 -> new Orientation(false, false, true);
      case 3 -> new Orientation(false, true, true);
      case 4 -> new Orientation(false, true, false);
      case 5 -> new Orientation(true, false, false);
      case 6 -> new Orientation(true, true, false);
      case 7 -> new Orientation(true, true, true);
      case 8 -> new Orientation(true, false, true);
      default -> UPRIGHT;
    };
  }

  public boolean swapsSides() {
    return transposed;
  }

  /** The stored picture as it is displayed; itself where nothing is turned. */
  public RasterImage upright(RasterImage stored) {
    if (equals(UPRIGHT)) {
      return stored;
    }
    int height = transposed ? stored.width() : stored.height();
    int width = transposed ? stored.height() : stored.width();
    int channels = stored.channels();
    byte[] displayed = new byte[stored.interleaved().length];
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        int storedRow = transposed ? column : row;
        int storedColumn = transposed ? row : column;
        storedRow = flipsRows ? stored.height() - 1 - storedRow : storedRow;
        storedColumn = flipsColumns ? stored.width() - 1 - storedColumn : storedColumn;
        int from = (storedRow * stored.width() + storedColumn) * channels;
        System.arraycopy(
            stored.interleaved(), from, displayed, (row * width + column) * channels, channels);
      }
    }
    return new RasterImage(height, width, channels, displayed);
  }
}
