// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import java.util.List;
import org.bellows.worker.engine.onednn.plan.ActivationFunction;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.Tensor;

/** A function of each element that no other node does on its way. */
public final class ActivationNode extends Node {
  private final ActivationFunction function;
  private Tensor kept;

  public ActivationNode(String name, Node input, ActivationFunction function) {
    super(name, List.of(input));
    this.function = function;
  }

  public ActivationFunction function() {
    return function;
  }

  @Override
  public Tensor forward(PlanBuilder plan) {
    Tensor argument = input().output();
    boolean inPlace =
        plan.isOnlyReference(argument) && (function.fromResult() || !plan.isTraining());
    Tensor result = inPlace ? argument : plan.tensor(argument.layout());
    if (inPlace) {
      plan.retain(argument);
    }
    Elementwise.forward(plan, function, argument, result);
    if (plan.isTraining()) {
      kept = function.fromResult() ? result : argument;
      plan.retain(kept);
    }
    return result;
  }

  @Override
  public void backward(PlanBuilder plan, Tensor outputGradient) {
    Tensor outgoing = Elementwise.backward(plan, function, kept, outputGradient);
    plan.release(kept);
    pass(plan, input(), outgoing);
  }
}
