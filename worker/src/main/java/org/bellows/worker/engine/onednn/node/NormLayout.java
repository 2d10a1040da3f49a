// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import static org.bytedeco.dnnl.global.dnnl.dnnl_bf16;

import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc_t;

/**
 * How BatchNorm sees a map. On processors with AMX oneDNN keeps maps in bfloat16 with their
 * channels last, for which its BatchNorm is slow: backward it takes up to two and a half times as
 * long as in blocks of channels, and where channels fill no blocks it is a plain loop.
 *
 * <p>So a map of one block of channels is called what it is, too: blocked. One of many blocks is a
 * batch of as many samples as it has pixels, of one pixel each. Both are the same memory. A map
 * whose channels fill no blocks is copied into some.
 *
 * @param given layout of the map
 * @param seen layout that the primitive gets
 * @param isSameMemory whether a map has the same bytes in both
 */
record NormLayout(dnnl_memory_desc_t given, dnnl_memory_desc_t seen, boolean isSameMemory) {
  /** Channels from which on each pixel is a sample. */
  private static final long MANY = 128;

  static NormLayout of(PlanBuilder plan, dnnl_memory_desc_t map) {
    boolean isSlow =
        plan.isTraining()
            && map.data_type() == dnnl_bf16
            && OneDnn.hasAmx()
            && OneDnn.isChannelsLast(map);
    return isSlow ? better(map) : new NormLayout(map, map, true);
  }

  private static NormLayout better(dnnl_memory_desc_t map) {
    long[] shape = OneDnn.shape(map);
    long channels = shape[1];
    if (channels == OneDnn.BLOCK || channels % OneDnn.BLOCK != 0) {
      return new NormLayout(map, OneDnn.inBlocks(map, shape), channels == OneDnn.BLOCK);
    }
    if (channels < MANY) {
      return new NormLayout(map, map, true);
    }
    long pixels = shape[0] * shape[2] * shape[3];
    return new NormLayout(map, OneDnn.inBlocks(map, pixels, channels, 1, 1), true);
  }

  /**
   * A map as the primitive sees it.
   *
   * @param map in any layout
   * @return retained for the caller
   */
  Tensor in(PlanBuilder plan, Tensor map) {
    if (!isSameMemory()) {
      return plan.inLayout(map, seen);
    }
    return plan.view(plan.inLayout(map, given), seen);
  }

  /**
   * What the primitive wrote as the other layers see it.
   *
   * @param map taken over
   * @return retained for the caller
   */
  Tensor out(PlanBuilder plan, Tensor map) {
    if (isSameMemory()) {
      return plan.view(map, given);
    }
    Tensor copy = plan.inLayout(map, given);
    plan.release(map);
    return copy;
  }
}
