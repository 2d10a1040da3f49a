// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node.convolution;

import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_init_submemory;

import java.nio.LongBuffer;
import java.util.Arrays;
import org.bellows.worker.engine.onednn.node.Pieces;
import org.bellows.worker.engine.onednn.node.WindowGeometry;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc_t;

/**
 * A map as rate x rate smaller ones, each of every rate-th row and column: a kernel of that
 * dilation sees no two of them together, so that it is one without dilation on the smaller maps as
 * samples of a batch (space to batch; Yu and Koltun 2016). Where the rate does not divide a side,
 * the smaller maps end with zeros.
 */
record Phases(int rate) {
  /** With more of them the copies take longer than what they save. */
  private static final long LARGEST_RATE = 4;

  /** Whether it is dilated and gives a map of the input's size. */
  static boolean suit(WindowGeometry geometry) {
    long rate = geometry.dilation()[0];
    boolean centred = true;
    for (int axis = 0; axis < 2; axis++) {
      centred &= 2 * geometry.before()[axis] == rate * (geometry.kernel()[axis] - 1);
    }
    return centred
        && rate > 1
        && rate <= LARGEST_RATE
        && rate == geometry.dilation()[1]
        && !geometry.same()
        && Arrays.equals(geometry.stride(), new long[] {1, 1});
  }

  /**
   * The same convolution on the smaller maps.
   *
   * @param dilated that {@link #suit}
   */
  static WindowGeometry without(WindowGeometry dilated) {
    long[] before = {(dilated.kernel()[0] - 1) / 2, (dilated.kernel()[1] - 1) / 2};
    long[] one = {1, 1};
    return new WindowGeometry(dilated.kernel(), one, before, one, false);
  }

  /**
   * @param map [n, channels, height, width]
   * @return the shape of all smaller maps, those of one place in the map after each other
   */
  long[] shape(long[] map) {
    return new long[] {
      map[0] * rate * rate, map[1], (map[2] + rate - 1) / rate, (map[3] + rate - 1) / rate
    };
  }

  /**
   * Takes a map apart.
   *
   * @return retained for the caller
   */
  Tensor apart(PlanBuilder plan, Tensor map) {
    Tensor whole = Pieces.in(plan, map);
    Tensor parts = plan.tensor(OneDnn.like(whole.layout(), shape(map.shape())));
    if (map.shape()[2] % rate != 0 || map.shape()[3] % rate != 0) {
      plan.clear(parts);
    }
    forEach(
        map.shape(),
        (size, row, column) ->
            plan.copy(inMap(plan, whole, size, row, column), part(plan, parts, size, row, column)));
    plan.release(whole);
    return parts;
  }

  /**
   * Puts a map together.
   *
   * @param parts taken over
   * @param shape of the map
   * @return retained for the caller
   */
  Tensor together(PlanBuilder plan, Tensor parts, long[] shape) {
    Tensor regular = Pieces.in(plan, parts);
    plan.release(parts);
    Tensor map = plan.tensor(OneDnn.like(regular.layout(), shape));
    forEach(
        shape,
        (size, row, column) ->
            plan.copy(part(plan, regular, size, row, column), inMap(plan, map, size, row, column)));
    plan.release(regular);
    return map;
  }

  /** Does something with each smaller map. */
  private interface Visitor {
    /**
     * @param size of the smaller map, as far as it is in the map
     */
    void visit(long[] size, int row, int column);
  }

  private void forEach(long[] map, Visitor visitor) {
    for (int row = 0; row < Math.min(rate, map[2]); row++) {
      for (int column = 0; column < Math.min(rate, map[3]); column++) {
        long height = (map[2] - row + rate - 1) / rate;
        long width = (map[3] - column + rate - 1) / rate;
        visitor.visit(new long[] {map[0], map[1], height, width}, row, column);
      }
    }
  }

  /** Every rate-th row and column of a map. */
  private Tensor inMap(PlanBuilder plan, Tensor map, long[] size, int row, int column) {
    dnnl_memory_desc_t view = cut(map.layout(), size, 0, row, column);
    LongBuffer strides = view.format_desc_blocking().strides().capacity(size.length).asBuffer();
    strides.put(2, rate * strides.get(2));
    strides.put(3, rate * strides.get(3));
    return plan.view(map, view);
  }

  private Tensor part(PlanBuilder plan, Tensor parts, long[] size, int row, int column) {
    long first = ((long) row * rate + column) * size[0];
    return plan.view(parts, cut(parts.layout(), size, first, 0, 0));
  }

  private static dnnl_memory_desc_t cut(
      dnnl_memory_desc_t layout, long[] size, long sample, long top, long left) {
    dnnl_memory_desc_t view = new dnnl_memory_desc_t();
    OneDnn.check(
        "a part of a map",
        dnnl_memory_desc_init_submemory(view, layout, size, new long[] {sample, 0, top, left}));
    return view;
  }
}
