package org.bellows.worker.engine;

import java.util.List;
import org.bytedeco.javacpp.BytePointer;

/** An array times a constant. */
final class ScaleNode extends Node {
  private final double factor;

  ScaleNode(String name, Node input, double factor) {
    super(name, List.of(input));
    this.factor = factor;
  }

  @Override
  boolean needsError() {
    return factor != 0 && super.needsError();
  }

  @Override
  Tensor forward(PlanBuilder plan) {
    Tensor output = plan.tensor(input().output().layout());
    if (factor == 0) {
      // Held for good, so that one filling lasts for all passes.
      plan.hold(output);
      BytePointer.memset(output.block().start(), 0, output.block().bytes());
    } else {
      Elementwise.forward(plan, Function.linear(factor), input().output(), output);
    }
    return output;
  }

  @Override
  void backward(PlanBuilder plan, Tensor error) {
    Elementwise.forward(plan, Function.linear(factor), error, error);
    pass(plan, input(), error);
  }
}
