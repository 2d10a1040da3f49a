// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_backward_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_forward_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;

import org.bellows.worker.engine.onednn.plan.ActivationFunction;
import org.bellows.worker.engine.onednn.plan.Arguments;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.PrimitiveOperation;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bytedeco.dnnl.dnnl_eltwise_desc_t;

/** A function of each element, both ways. */
public final class Elementwise {
  private Elementwise() {}

  /**
   * @param result of the argument's layout; may be the argument
   */
  public static void forward(
      PlanBuilder plan, ActivationFunction function, Tensor argument, Tensor result) {
    Tensor from = wide(plan, function, argument);
    dnnl_eltwise_desc_t intent = new dnnl_eltwise_desc_t();
    OneDnn.check(
        "an activation",
        dnnl_eltwise_forward_desc_init(
            intent,
            dnnl_forward_training,
            function.forward(),
            from.layout(),
            function.alpha(),
            function.beta()));
    plan.run(
        "activation",
        plan.operation(intent, null),
        new Arguments().with(DNNL_ARG_SRC, from).with(DNNL_ARG_DST, wide(plan, function, result)));
  }

  private static Tensor wide(PlanBuilder plan, ActivationFunction function, Tensor map) {
    return function.keepsZero() ? plan.widened(map) : map;
  }

  /**
   * @param kept the result where {@link ActivationFunction#fromResult}, else the argument
   * @param outputGradient at the result, taken over
   * @return the error at the argument, retained for the caller
   */
  public static Tensor backward(
      PlanBuilder plan, ActivationFunction function, Tensor kept, Tensor outputGradient) {
    if (function.isIdentity()) {
      return outputGradient;
    }
    Tensor incoming = plan.inLayout(outputGradient, kept.layout());
    plan.release(outputGradient);
    Tensor outgoing = plan.isOnlyReference(incoming) ? incoming : plan.tensor(kept.layout());
    dnnl_eltwise_desc_t intent = new dnnl_eltwise_desc_t();
    OneDnn.check(
        "an activation's derivative",
        dnnl_eltwise_backward_desc_init(
            intent,
            function.backward(),
            wide(plan, function, incoming).layout(),
            wide(plan, function, kept).layout(),
            function.alpha(),
            function.beta()));
    plan.run(
        "activation backward",
        plan.operation(intent, forwardHint(plan, function, wide(plan, function, kept))),
        new Arguments()
            .with(function.fromResult() ? DNNL_ARG_DST : DNNL_ARG_SRC, wide(plan, function, kept))
            .with(DNNL_ARG_DIFF_DST, wide(plan, function, incoming))
            .with(DNNL_ARG_DIFF_SRC, wide(plan, function, outgoing)));
    Node.releaseUnlessReused(plan, incoming, outgoing);
    return outgoing;
  }

  private static PrimitiveOperation forwardHint(
      PlanBuilder plan, ActivationFunction function, Tensor kept) {
    dnnl_eltwise_desc_t intent = new dnnl_eltwise_desc_t();
    OneDnn.check(
        "an activation",
        dnnl_eltwise_forward_desc_init(
            intent,
            dnnl_forward_training,
            function.backward(),
            kept.layout(),
            function.alpha(),
            function.beta()));
    return plan.operation(intent, null);
  }
}
