// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import org.bellows.worker.engine.torch.pass.Pass;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The backward operation of a max pool, for GPUs: PyTorch's own adds there in any order where
 * windows overlap, and is refused among deterministic algorithms. Here the windows' values are
 * added position by position in the window. At one position no two windows have the same pixel, so
 * that each addition is of a map to a map. Going from the last position to the first, a pixel gets
 * its windows in the order in which PyTorch adds them on a processor: the same bits.
 */
final class OverlappingWindows {
  private static final int ROWS = 2;
  private static final int COLUMNS = 3;

  private OverlappingWindows() {}

  /**
   * @param values [n, channels, rows, columns of windows]
   * @param places of each window's maximum: row times the map's width plus column
   * @param shape of the map that the windows are taken of
   * @return shaped so
   */
  static Tensor spread(Pass pass, PoolWindow window, Tensor values, Tensor places, long[] shape) {
    long top = window.padding()[0];
    long left = window.padding()[1];
    long width = shape[COLUMNS];
    long wide = width + 2 * left;
    Tensor sum =
        pass.inMapOrder(
            Pass.in(
                values.scalar_type(),
                pass.device().zeros(shape[0], shape[1], shape[ROWS] + 2 * top, wide)));
    Tensor within = places(places, width, top, left).sub(corners(pass, window, values, wide));
    long[] size = window.size();
    long step = window.dilation()[0];
    for (long row = size[0] - 1; row >= 0; row--) {
      for (long column = size[1] - 1; column >= 0; column--) {
        // What one position takes is given back before the next.
        try (PointerScope scope = new PointerScope()) {
          Tensor isHere = within.eq(new Scalar(row * step * wide + column * step));
          Tensor there = part(sum, ROWS, row * step, window.stride()[0], values.size(ROWS));
          part(there, COLUMNS, column * step, window.stride()[1], values.size(COLUMNS))
              .add_(torch.where(isHere, values, new Scalar(0)));
        }
      }
    }
    return sum.narrow(ROWS, top, shape[ROWS]).narrow(COLUMNS, left, width);
  }

  /** In the map with PyTorch's padding around it. */
  private static Tensor places(Tensor places, long width, long top, long left) {
    if (top == 0 && left == 0) {
      return places;
    }
    Tensor before = torch.floor_divide(places, new Scalar(width)).mul(new Scalar(2 * left));
    return before.add_(places).add_(new Scalar(top * (width + 2 * left) + left));
  }

  /** Where each window begins, [rows, columns]. */
  private static Tensor corners(Pass pass, PoolWindow window, Tensor values, long wide) {
    Tensor rows = pass.device().count(values.size(ROWS)).mul(new Scalar(window.stride()[0] * wide));
    Tensor columns = pass.device().count(values.size(COLUMNS)).mul(new Scalar(window.stride()[1]));
    return rows.view(-1, 1).add(columns);
  }

  private static Tensor part(Tensor map, int dimension, long first, long step, long count) {
    return map.slice(
        dimension, new LongOptional(first), new LongOptional(first + step * (count - 1) + 1), step);
  }
}
