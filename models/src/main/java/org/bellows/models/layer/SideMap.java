// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;

/**
 * A linear map of one side of a feature map to another length: new pixel i is the sum of the old
 * pixels from {@code first[i]} on, times {@code shares[i]}. A layer that does this to rows and to
 * columns is separable: Y = A X B^T.
 *
 * @param from old length
 * @param first by new pixel: the first old one that it sees
 * @param shares by new pixel: the share of each old one that it sees
 */
public record SideMap(int from, int[] first, double[][] shares) {

  /**
   * @param position by new pixel: where it is between the old ones, in [0, from - 1]; beyond, the
   *     last is taken
   */
  static SideMap linear(int from, int to, IntToDoubleFunction position) {
    int[] first = new int[to];
    double[][] shares = new double[to][];
    for (int i = 0; i < to; i++) {
      double at = Math.min(position.applyAsDouble(i), from - 1);
      first[i] = (int) at;
      double rest = at - first[i];
      shares[i] = rest == 0 ? new double[] {1} : new double[] {1 - rest, rest};
    }
    return new SideMap(from, first, shares);
  }

  /** Means of windows [start, end). */
  static SideMap windows(int from, int to, IntUnaryOperator start, IntUnaryOperator end) {
    int[] first = new int[to];
    double[][] shares = new double[to][];
    for (int i = 0; i < to; i++) {
      first[i] = start.applyAsInt(i);
      shares[i] = new double[end.applyAsInt(i) - first[i]];
      Arrays.fill(shares[i], 1.0 / shares[i].length);
    }
    return new SideMap(from, first, shares);
  }

  /** New length. */
  public int to() {
    return first.length;
  }

  /** Row-major [to, from]. */
  public float[] matrix() {
    float[] matrix = new float[to() * from];
    for (int i = 0; i < to(); i++) {
      for (int j = 0; j < shares[i].length; j++) {
        matrix[i * from + first[i] + j] = (float) shares[i][j];
      }
    }
    return matrix;
  }
}
