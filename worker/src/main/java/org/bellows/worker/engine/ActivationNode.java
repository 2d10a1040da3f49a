package org.bellows.worker.engine;

import java.util.List;

/** A function of each element that no other node does on its way. */
final class ActivationNode extends Node {
  private final Function function;
  private Tensor kept;

  ActivationNode(String name, Node input, Function function) {
    super(name, List.of(input));
    this.function = function;
  }

  Function function() {
    return function;
  }

  @Override
  Tensor forward(PlanBuilder plan) {
    Tensor argument = input().output();
    boolean inPlace = plan.isOnlyHolder(argument) && (function.fromResult() || !plan.isTraining());
    Tensor result = inPlace ? argument : plan.tensor(argument.layout());
    if (inPlace) {
      plan.hold(argument);
    }
    Elementwise.forward(plan, function, argument, result);
    if (plan.isTraining()) {
      kept = function.fromResult() ? result : argument;
      plan.hold(kept);
    }
    return result;
  }

  @Override
  void backward(PlanBuilder plan, Tensor error) {
    Tensor outgoing = Elementwise.backward(plan, function, kept, error);
    plan.release(kept);
    pass(plan, input(), outgoing);
  }
}
