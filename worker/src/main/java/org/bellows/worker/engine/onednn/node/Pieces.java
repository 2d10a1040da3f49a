// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;

import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc_t;

/**
 * A map's memory for a loop in Java: {@code count} contiguous pieces, each [height, width, inner]
 * row-major. A piece is one map, a block of maps or, with channels last, all maps of a sample.
 */
public record Pieces(int count, int height, int width, int inner) {

  /**
   * The map in a layout that has pieces.
   *
   * @return retained for the caller
   */
  public static Tensor in(PlanBuilder plan, Tensor map) {
    return plan.inLayout(map, layout(map));
  }

  /** As above, as floats, which Java can read. */
  public static Tensor floats(PlanBuilder plan, Tensor map) {
    return plan.inLayout(map, OneDnn.ofType(dnnl_f32, layout(map)));
  }

  private static dnnl_memory_desc_t layout(Tensor map) {
    dnnl_memory_desc_t layout = map.layout();
    dnnl_memory_desc_t regular = OneDnn.like(layout, map.shape());
    return OneDnn.isEqual(layout, regular) ? layout : OneDnn.plainLike(layout, map.shape());
  }

  /**
   * @param layout as {@link #in} gives it
   */
  public static Pieces of(dnnl_memory_desc_t layout) {
    long[] shape = OneDnn.shape(layout);
    long channels = OneDnn.paddedChannels(layout);
    long inner = 1;
    if (OneDnn.isBlocked(layout)) {
      inner = OneDnn.block(layout);
    } else if (!OneDnn.isEqual(layout, OneDnn.plainLike(layout, shape))) {
      inner = channels;
    }
    return new Pieces(
        Math.toIntExact(shape[0] * channels / inner),
        Math.toIntExact(shape[2]),
        Math.toIntExact(shape[3]),
        Math.toIntExact(inner));
  }

  /** Elements of a piece. */
  public int length() {
    return Math.multiplyExact(Math.multiplyExact(height, width), inner);
  }

  /** Elements of all pieces. */
  public long elements() {
    return (long) count * length();
  }
}
