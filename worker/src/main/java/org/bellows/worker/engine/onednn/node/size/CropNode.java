// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node.size;

import java.util.List;
import org.bellows.worker.engine.onednn.node.Node;
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
    plan.copy(cut(plan, map), plan.widened(part));
    return part;
  }

  /**
   * The part that a map's memory has of it, with the zeros that fill its last block as channels:
   * oneDNN has no part of a map whose last block is not full.
   */
  private Tensor cut(PlanBuilder plan, Tensor map) {
    Tensor wide = plan.widened(map);
    long[] shape = wide.shape();
    shape[2] = size[0];
    shape[3] = size[1];
    return plan.view(wide, OneDnn.part(wide.layout(), shape, top, left));
  }

  @Override
  public void backward(PlanBuilder plan, Tensor outputGradient) {
    if (isWhole()) {
      pass(plan, input(), outputGradient);
      return;
    }
    Tensor outgoing = plan.tensor(input().output().layout());
    plan.clear(outgoing);
    Tensor incoming = plan.inLayout(outputGradient, output().layout());
    plan.release(outputGradient);
    plan.copy(plan.widened(incoming), cut(plan, outgoing));
    plan.release(incoming);
    pass(plan, input(), outgoing);
  }
}
