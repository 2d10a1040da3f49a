// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node.size;

import java.util.List;
import org.bellows.worker.engine.onednn.node.Node;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.Tensor;

/** Zeros around a map. */
public final class PaddingNode extends Node {
  private final long[] padding;

  /**
   * @param padding top, bottom, left, right
   */
  public PaddingNode(String name, Node input, long[] padding) {
    super(name, List.of(input));
    this.padding = padding;
  }

  @Override
  public Tensor forward(PlanBuilder plan) {
    Tensor map = input().output();
    long[] shape = map.shape();
    shape[2] += padding[0] + padding[1];
    shape[3] += padding[2] + padding[3];
    Tensor output = plan.tensor(OneDnn.like(map.layout(), shape));
    plan.clear(output);
    plan.copy(map, inside(plan, output, map.shape()));
    return output;
  }

  private Tensor inside(PlanBuilder plan, Tensor padded, long[] shape) {
    return plan.view(padded, OneDnn.part(padded.layout(), shape, padding[0], padding[2]));
  }

  @Override
  public void backward(PlanBuilder plan, Tensor outputGradient) {
    Tensor outgoing = plan.tensor(input().output().layout());
    plan.copy(inside(plan, outputGradient, input().output().shape()), outgoing);
    plan.release(outputGradient);
    pass(plan, input(), outgoing);
  }
}
