// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_init_submemory;

import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc_t;

/** Consecutive channels of a map. */
final class Channels {
  private Channels() {}

  /**
   * A copy of some channels.
   *
   * @param first index of the first
   * @param layout of the copy, which says how many
   */
  static Tensor read(PlanBuilder plan, Tensor map, long first, dnnl_memory_desc_t layout) {
    Tensor copy = plan.tensor(layout);
    Tensor whole = divisible(plan, map, first, layout);
    plan.copy(plan.view(whole, part(whole.layout(), first, layout)), copy);
    plan.release(whole);
    return copy;
  }

  /** A map of zeros but for some channels. */
  static Tensor write(PlanBuilder plan, Tensor channels, long first, dnnl_memory_desc_t layout) {
    dnnl_memory_desc_t usable =
        part(layout, first, channels.layout()) == null
            ? OneDnn.plain(OneDnn.shape(layout))
            : layout;
    Tensor map = plan.tensor(usable);
    plan.clear(map);
    plan.copy(channels, plan.view(map, part(usable, first, channels.layout())));
    return map;
  }

  /** The map itself, or a row-major copy where its blocks of channels would have to be cut. */
  private static Tensor divisible(
      PlanBuilder plan, Tensor map, long first, dnnl_memory_desc_t layout) {
    return plan.inLayout(
        map, part(map.layout(), first, layout) == null ? OneDnn.plain(map.shape()) : map.layout());
  }

  /** null: blocks of channels would have to be cut. */
  private static dnnl_memory_desc_t part(
      dnnl_memory_desc_t whole, long first, dnnl_memory_desc_t part) {
    dnnl_memory_desc_t view = new dnnl_memory_desc_t();
    int status =
        dnnl_memory_desc_init_submemory(
            view, whole, OneDnn.shape(part), new long[] {0, first, 0, 0});
    return status == 0 ? view : null;
  }
}
