// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import java.util.List;
import org.bellows.worker.engine.onednn.plan.ActivationFunction;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc_t;

/** An array times a constant. */
public final class ScaleNode extends Node {
  private final double factor;

  public ScaleNode(String name, Node input, double factor) {
    super(name, List.of(input));
    this.factor = factor;
  }

  @Override
  public boolean needsGradient() {
    return factor != 0 && super.needsGradient();
  }

  @Override
  public Tensor forward(PlanBuilder plan) {
    dnnl_memory_desc_t layout = input().output().layout();
    if (factor == 0) {
      Tensor zeros = plan.zeros(layout);
      // Its memory must never serve anything else.
      plan.retain(zeros);
      return zeros;
    }
    Tensor output = plan.tensor(layout);
    Elementwise.forward(plan, ActivationFunction.linear(factor), input().output(), output);
    return output;
  }

  @Override
  public void backward(PlanBuilder plan, Tensor outputGradient) {
    Tensor outgoing =
        plan.isOnlyReference(outputGradient)
            ? outputGradient
            : plan.tensor(outputGradient.layout());
    Elementwise.forward(plan, ActivationFunction.linear(factor), outputGradient, outgoing);
    releaseUnlessReused(plan, outputGradient, outgoing);
    pass(plan, input(), outgoing);
  }
}
