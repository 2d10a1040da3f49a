package org.bellows.worker.engine.onednn.node;

import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_add;

import java.util.List;
import org.bellows.worker.engine.onednn.plan.Function;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.Tensor;

/** Sum of two or more arrays of one shape, and an activation of it. */
public final class AddNode extends Node {
  private final Function activation;

  /**
   * @param activation one whose derivative is reckoned from its result
   */
  public AddNode(String name, List<Node> inputs, Function activation) {
    super(name, inputs);
    this.activation = activation;
  }

  public Function activation() {
    return activation;
  }

  @Override
  public Tensor forward(PlanBuilder plan) {
    Tensor sum = input().output();
    plan.hold(sum);
    for (int i = 1; i < inputs().size(); i++) {
      Function then = i == inputs().size() - 1 ? activation : Function.IDENTITY;
      sum = add(plan, sum, inputs().get(i).output(), i == 1, then);
    }
    if (plan.isTraining() && !activation.isIdentity()) {
      plan.hold(sum);
    }
    return sum;
  }

  /**
   * @param ofInput whether {@code sum} is an input's output, which that input's vertex holds, too
   */
  private static Tensor add(
      PlanBuilder plan, Tensor sum, Tensor more, boolean ofInput, Function then) {
    Tensor other = plan.inLayout(more, sum.layout());
    boolean inPlace = plan.holders(sum) == (ofInput ? 2 : 1);
    Tensor result = inPlace ? sum : plan.tensor(sum.layout());
    binary(plan, dnnl_binary_add, sum, other, result, then);
    plan.release(other);
    if (!inPlace) {
      plan.release(sum);
    }
    return result;
  }

  @Override
  public void backward(PlanBuilder plan, Tensor error) {
    Tensor inner = error;
    if (!activation.isIdentity()) {
      inner = Elementwise.backward(plan, activation, output(), error);
      plan.release(output());
    }
    for (Node input : inputs()) {
      plan.hold(inner);
      pass(plan, input, inner);
    }
    plan.release(inner);
  }
}
