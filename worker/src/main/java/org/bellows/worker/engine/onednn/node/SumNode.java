// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_add;

import java.util.List;
import org.bellows.worker.engine.onednn.plan.ActivationFunction;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.Tensor;

/** Sum of two or more arrays of one shape, and an activation of it. */
public final class SumNode extends Node {
  private final ActivationFunction activation;

  /**
   * @param activation one whose derivative is computed from its result
   */
  public SumNode(String name, List<Node> inputs, ActivationFunction activation) {
    super(name, inputs);
    this.activation = activation;
  }

  public ActivationFunction activation() {
    return activation;
  }

  @Override
  public Tensor forward(PlanBuilder plan) {
    Tensor sum = input().output();
    plan.retain(sum);
    for (int i = 1; i < inputs().size(); i++) {
      ActivationFunction then = i == inputs().size() - 1 ? activation : ActivationFunction.IDENTITY;
      sum = add(plan, sum, inputs().get(i).output(), i == 1, then);
    }
    if (plan.isTraining() && !activation.isIdentity()) {
      plan.retain(sum);
    }
    return sum;
  }

  /**
   * @param ofInput whether {@code sum} is an input's output, which that input's vertex holds, too
   */
  private static Tensor add(
      PlanBuilder plan, Tensor sum, Tensor more, boolean ofInput, ActivationFunction then) {
    Tensor other = plan.inLayout(more, sum.layout());
    boolean inPlace = plan.refCount(sum) == (ofInput ? 2 : 1);
    Tensor result = inPlace ? sum : plan.tensor(sum.layout());
    binary(plan, dnnl_binary_add, sum, other, result, then);
    plan.release(other);
    if (!inPlace) {
      plan.release(sum);
    }
    return result;
  }

  @Override
  public void backward(PlanBuilder plan, Tensor outputGradient) {
    Tensor inner = outputGradient;
    if (!activation.isIdentity()) {
      inner = Elementwise.backward(plan, activation, output(), outputGradient);
      plan.release(output());
    }
    for (Node input : inputs()) {
      plan.retain(inner);
      pass(plan, input, inner);
    }
    plan.release(inner);
  }
}
