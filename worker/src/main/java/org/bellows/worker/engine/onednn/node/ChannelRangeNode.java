// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import java.util.List;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc_t;

/** Some consecutive channels of a map. */
public final class ChannelRangeNode extends Node {
  private final long first;
  private final long channels;
  private dnnl_memory_desc_t whole;

  public ChannelRangeNode(String name, Node input, long first, long channels) {
    super(name, List.of(input));
    this.first = first;
    this.channels = channels;
  }

  @Override
  public Tensor forward(PlanBuilder plan) {
    Tensor map = input().output();
    whole = map.layout();
    long[] shape = map.shape();
    shape[1] = channels;
    return Channels.read(plan, map, first, OneDnn.like(whole, shape));
  }

  @Override
  public void backward(PlanBuilder plan, Tensor outputGradient) {
    Tensor map = Channels.write(plan, outputGradient, first, whole);
    plan.release(outputGradient);
    pass(plan, input(), map);
  }
}
