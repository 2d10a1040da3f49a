package org.bellows.worker.engine.onednn.node;

import java.util.List;
import org.bellows.worker.engine.onednn.plan.Function;
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
  public boolean needsError() {
    return factor != 0 && super.needsError();
  }

  @Override
  public Tensor forward(PlanBuilder plan) {
    dnnl_memory_desc_t layout = input().output().layout();
    if (factor == 0) {
      Tensor zeros = plan.zeros(layout);
      // Its memory must never serve anything else.
      plan.hold(zeros);
      return zeros;
    }
    Tensor output = plan.tensor(layout);
    Elementwise.forward(plan, Function.linear(factor), input().output(), output);
    return output;
  }

  @Override
  public void backward(PlanBuilder plan, Tensor error) {
    Tensor outgoing = plan.isOnlyHolder(error) ? error : plan.tensor(error.layout());
    Elementwise.forward(plan, Function.linear(factor), error, outgoing);
    releaseUnlessReused(plan, error, outgoing);
    pass(plan, input(), outgoing);
  }
}
