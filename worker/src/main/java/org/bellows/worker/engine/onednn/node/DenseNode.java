// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_inner_product_backward_data_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_inner_product_backward_weights_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_inner_product_forward_desc_init;

import org.bellows.worker.engine.onednn.plan.ActivationFunction;
import org.bellows.worker.engine.onednn.plan.Arguments;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.PrimitiveOperation;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bytedeco.dnnl.dnnl_inner_product_desc_t;
import org.bytedeco.dnnl.dnnl_memory_desc_t;

/**
 * Dense layer with bias and activation. All its arrays are row-major, so that the weights are used
 * in place: DL4J's [inputs, units] column by column is [units, inputs] row by row.
 */
public final class DenseNode extends AffineNode {
  private final long units;
  private PrimitiveOperation forward;
  private Tensor source;

  public DenseNode(String name, Node input, long units, ActivationFunction activation) {
    super(name, input, activation);
    this.units = units;
  }

  @Override
  public boolean canActivate() {
    return true;
  }

  @Override
  public boolean canAdd() {
    return false;
  }

  @Override
  public Tensor forward(PlanBuilder plan) {
    Tensor given = plan.inLayout(input().output(), OneDnn.plain(input().output().shape()));
    source = plan.view(given, OneDnn.plain(plan.samples(), given.elements() / plan.samples()));
    dnnl_inner_product_desc_t intent = new dnnl_inner_product_desc_t();
    OneDnn.check(
        "a dense layer",
        dnnl_inner_product_forward_desc_init(
            intent, dnnl_forward_training, source.layout(), weights(), bias(), result(plan)));
    forward = plan.operation(intent, null, activation());
    Tensor output = plan.tensor(result(plan));
    plan.run(
        "dense",
        forward,
        new Arguments()
            .with(DNNL_ARG_SRC, source)
            .with(DNNL_ARG_WEIGHTS, folded(plan, plan.parameter(name() + "_W", weights())))
            .with(DNNL_ARG_BIAS, foldedBias(plan, plan.parameter(name() + "_b", bias()), units))
            .with(DNNL_ARG_DST, output));
    if (!plan.isTraining()) {
      plan.release(source);
    } else if (!activation().isIdentity()) {
      plan.retain(output);
    }
    return output;
  }

  private dnnl_memory_desc_t weights() {
    return OneDnn.plain(units, input().output().elements() / input().output().shape()[0]);
  }

  private dnnl_memory_desc_t bias() {
    return OneDnn.plain(units);
  }

  private dnnl_memory_desc_t result(PlanBuilder plan) {
    return OneDnn.plain(plan.samples(), units);
  }

  @Override
  public void backward(PlanBuilder plan, Tensor outputGradient) {
    Tensor inner = outputGradient;
    if (!activation().isIdentity()) {
      inner = Elementwise.backward(plan, activation(), output(), outputGradient);
      plan.release(output());
    }
    Tensor incoming = plan.inLayout(inner, result(plan));
    plan.release(inner);
    backwardWeights(plan, incoming);
    plan.release(source);
    if (input().needsGradient()) {
      backwardData(plan, incoming);
    }
    plan.release(incoming);
  }

  private void backwardWeights(PlanBuilder plan, Tensor outputGradient) {
    dnnl_inner_product_desc_t intent = new dnnl_inner_product_desc_t();
    OneDnn.check(
        "a dense layer's gradient",
        dnnl_inner_product_backward_weights_desc_init(
            intent, source.layout(), weights(), bias(), outputGradient.layout()));
    plan.run(
        "dense backward weights",
        plan.operation(intent, forward),
        new Arguments()
            .with(DNNL_ARG_SRC, source)
            .with(DNNL_ARG_DIFF_DST, outputGradient)
            .with(DNNL_ARG_DIFF_WEIGHTS, plan.gradient(name() + "_W", weights()))
            .with(DNNL_ARG_DIFF_BIAS, plan.gradient(name() + "_b", bias())));
  }

  private void backwardData(PlanBuilder plan, Tensor outputGradient) {
    dnnl_inner_product_desc_t intent = new dnnl_inner_product_desc_t();
    OneDnn.check(
        "a dense layer's error",
        dnnl_inner_product_backward_data_desc_init(
            intent, source.layout(), weights(), outputGradient.layout()));
    Tensor outgoing = plan.tensor(source.layout());
    plan.run(
        "dense backward data",
        plan.operation(intent, forward),
        new Arguments()
            .with(DNNL_ARG_DIFF_DST, outputGradient)
            .with(DNNL_ARG_WEIGHTS, plan.parameter(name() + "_W", weights()))
            .with(DNNL_ARG_DIFF_SRC, outgoing));
    pass(plan, input(), plan.view(outgoing, OneDnn.plain(input().output().shape())));
  }
}
