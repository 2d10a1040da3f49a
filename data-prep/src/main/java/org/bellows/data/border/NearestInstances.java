// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.border;

import java.util.Arrays;

/**
 * The exact Euclidean distance of each pixel to the borders of the two nearest objects. Border
 * pixels of an object are its own that have a pixel of something else above, below or beside them;
 * the picture's edge is no border. Squares of distances are separable: of a column only the two
 * nearest objects count for a pixel, and of a row only columns that are nearer than what is found
 * already (Saito, Toriwaki, "New algorithms for Euclidean distance transformation of an
 * n-dimensional digitized picture", 1994, section 3, here with two objects instead of one). Time is
 * proportional to pixels times the distance that is looked for.
 */
final class NearestInstances {
  private final int[] ids;
  private final int height;
  private final int width;
  private final int reach;

  /** The square of a distance that counts as none. */
  private final int none;

  /** Of each pixel the two nearest objects of its column, and the squares of their distances. */
  private final int[] id;

  private final int[] square;
  private final int[] otherId;
  private final int[] otherSquare;

  private final double[] sums;

  /**
   * @param ids height x width, numbers of objects, 0: none
   * @param reach sums of both distances above it need not be known, 1 to 32767
   */
  NearestInstances(int[] ids, int height, int width, int reach) {
    this.ids = ids;
    this.height = height;
    this.width = width;
    this.reach = Math.min(reach, height + width);
    this.none = this.reach * this.reach + 1;
    this.id = new int[ids.length];
    this.square = new int[ids.length];
    this.otherId = new int[ids.length];
    this.otherSquare = new int[ids.length];
    this.sums = new double[ids.length];
    Arrays.fill(square, none);
    Arrays.fill(otherSquare, none);
    for (int column = 0; column < width; column++) {
      sweep(column, 0, 1);
      sweep(column, height - 1, -1);
    }
    for (int pixel = 0; pixel < ids.length; pixel++) {
      sums[pixel] = alongTheRow(pixel);
    }
  }

  /** Both distances together; infinite, or any number above reach, where they are not within it. */
  double sum(int pixel) {
    return sums[pixel];
  }

  private boolean isBorder(int pixel, int row, int column) {
    int own = ids[pixel];
    return own != 0
        && ((row > 0 && ids[pixel - width] != own)
            || (row < height - 1 && ids[pixel + width] != own)
            || (column > 0 && ids[pixel - 1] != own)
            || (column < width - 1 && ids[pixel + 1] != own));
  }

  /** Down or up a column: the two objects whose borders were passed last. */
  private void sweep(int column, int from, int step) {
    int last = 0;
    int lastRow = 0;
    int before = 0;
    int beforeRow = 0;
    for (int row = from; row >= 0 && row < height; row += step) {
      int pixel = row * width + column;
      if (isBorder(pixel, row, column)) {
        if (ids[pixel] != last) {
          before = last;
          beforeRow = lastRow;
          last = ids[pixel];
        }
        lastRow = row;
      }
      keepInColumn(pixel, last, Math.abs(row - lastRow));
      keepInColumn(pixel, before, Math.abs(row - beforeRow));
    }
  }

  private void keepInColumn(int pixel, int object, int rows) {
    if (object == 0 || rows > reach) {
      return;
    }
    int found = rows * rows;
    if (found < square[pixel]) {
      if (id[pixel] != object) {
        otherId[pixel] = id[pixel];
        otherSquare[pixel] = square[pixel];
        id[pixel] = object;
      }
      square[pixel] = found;
    } else if (found < otherSquare[pixel] && object != id[pixel]) {
      otherId[pixel] = object;
      otherSquare[pixel] = found;
    }
  }

  private double alongTheRow(int pixel) {
    int left = pixel - pixel % width;
    int right = left + width - 1;
    int nearest = 0;
    int nearestSquare = none;
    int secondSquare = none;
    for (int away = 0; away * away < secondSquare; away++) {
      // The nearer of the two is within half of the reach, or their sum is not within it.
      if (2 * away > reach && 4L * nearestSquare > (long) reach * reach) {
        return Double.POSITIVE_INFINITY;
      }
      boolean isInside = false;
      for (int at = pixel - away; at <= pixel + away; at += Math.max(1, 2 * away)) {
        if (at < left || at > right) {
          continue;
        }
        isInside = true;
        int found = away * away + square[at];
        if (found >= secondSquare) {
          continue;
        }
        if (id[at] == nearest) {
          nearestSquare = Math.min(nearestSquare, found);
        } else if (found < nearestSquare) {
          secondSquare = nearestSquare;
          nearest = id[at];
          nearestSquare = found;
        } else {
          secondSquare = found;
        }
        found = away * away + otherSquare[at];
        if (found < secondSquare && otherId[at] != nearest) {
          // Never nearer than the nearest, which this column's own first object is at most.
          secondSquare = found;
        }
      }
      if (!isInside) {
        break;
      }
    }
    return secondSquare == none
        ? Double.POSITIVE_INFINITY
        : Math.sqrt(nearestSquare) + Math.sqrt(secondSquare);
  }
}
