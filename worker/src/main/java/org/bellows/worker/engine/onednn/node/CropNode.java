// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import java.util.List;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.Tensor;

/** A part of a map. */
public final class CropNode extends Node {
  private final long top;
  private final long left;

  /** Height, width. */
  private final long[] size;

  /**
   * @param top rows that are cut off at the top
   * @param left columns that are cut off on the left
   * @param size height and width of the part
   */
  public CropNode(String name, Node input, long top, long left, long[] size) {
    super(name, List.of(input));
    this.top = top;
    this.left = left;
    this.size = size;
  }

  private boolean isWhole() {
    long[] shape = input().output().shape();
    return shape[2] == size[0] && shape[3] == size[1];
  }

  @Override
  public Tensor forward(PlanBuilder plan) {
    Tensor map = input().output();
    if (isWhole()) {
      plan.retain(map);
      return map;
    }
    long[] shape = map.shape();
    shape[2] = size[0];
    shape[3] = size[1];
    Tensor part = plan.tensor(OneDnn.like(map.layout(), shape));
    plan.copy(plan.view(map, OneDnn.part(map.layout(), shape, top, left)), part);
    return part;
  }

  @Override
  public void backward(PlanBuilder plan, Tensor outputGradient) {
    if (isWhole()) {
      pass(plan, input(), outputGradient);
      return;
    }
    Tensor outgoing = plan.tensor(input().output().layout());
    plan.clear(outgoing);
    plan.copy(
        outputGradient,
        plan.view(outgoing, OneDnn.part(outgoing.layout(), outputGradient.shape(), top, left)));
    plan.release(outputGradient);
    pass(plan, input(), outgoing);
  }
}
