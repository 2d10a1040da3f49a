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
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_inner_product_backward_data_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_inner_product_backward_weights_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_inner_product_forward_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_weights_md;

import org.bellows.worker.engine.onednn.plan.ActivationFunction;
import org.bellows.worker.engine.onednn.plan.Arguments;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.PrimitiveOperation;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bytedeco.dnnl.dnnl_inner_product_desc_t;
import org.bytedeco.dnnl.dnnl_memory_desc_t;

/**
 * Dense layer with bias and activation. Its arrays are row-major, so that the weights can be used
 * in place: DL4J's [inputs, units] column by column is [units, inputs] row by row.
 */
public final class DenseNode extends AffineNode {
  /** Weights; the copies of larger layers would be most of a plan's memory. */
  private static final long MOST_COPIED = 1L << 22;

  private final long units;
  private final boolean isHead;
  private PrimitiveOperation forward;
  private Tensor source;
  private Tensor ownWeights;

  public DenseNode(String name, Node input, long units, ActivationFunction activation) {
    this(name, input, units, activation, false);
  }

  private DenseNode(
      String name, Node input, long units, ActivationFunction activation, boolean isHead) {
    super(name, input, activation);
    this.units = units;
    this.isHead = isHead;
  }

  /** The logits of a network's answer, in floats whatever the maps are in. */
  public static DenseNode head(String name, Node input, long classes) {
    return new DenseNode(name, input, classes, ActivationFunction.IDENTITY, true);
  }

  private int type(PlanBuilder plan) {
    return isHead ? dnnl_f32 : plan.mapType();
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
    dnnl_memory_desc_t plain = OneDnn.plain(input().output().shape());
    Tensor given = plan.inLayout(input().output(), OneDnn.ofType(type(plan), plain));
    long elements = given.elements() / plan.samples();
    source = plan.view(given, OneDnn.plainLike(given.layout(), plan.samples(), elements));
    dnnl_inner_product_desc_t intent = new dnnl_inner_product_desc_t();
    OneDnn.check(
        "a dense layer",
        dnnl_inner_product_forward_desc_init(
            intent, dnnl_forward_training, source.layout(), used(plan), bias(), result(plan)));
    forward = plan.operation(intent, null, activation());
    ownWeights = folded(plan, plan.parameter(name() + "_W", weights()));
    Tensor output = plan.tensor(result(plan));
    plan.run(
        "dense",
        forward,
        new Arguments()
            .with(DNNL_ARG_SRC, source)
            .with(DNNL_ARG_WEIGHTS, used(plan, forward))
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

  /**
   * Floats are used in place, but in inference those of small layers: these are copied once for
   * many passes, in oneDNN's layout. Of another format they are copies anyway.
   */
  private dnnl_memory_desc_t used(PlanBuilder plan) {
    dnnl_memory_desc_t own = weights();
    long[] shape = OneDnn.shape(own);
    boolean isCopied = !plan.isTraining() && shape[0] * shape[1] <= MOST_COPIED;
    return type(plan) == dnnl_f32 && !isCopied ? own : OneDnn.anyOf(type(plan), shape);
  }

  private Tensor used(PlanBuilder plan, PrimitiveOperation operation) {
    return plan.parameterInLayout(ownWeights, operation.layout(dnnl_query_weights_md));
  }

  private dnnl_memory_desc_t bias() {
    return OneDnn.plain(units);
  }

  private dnnl_memory_desc_t result(PlanBuilder plan) {
    return OneDnn.ofType(type(plan), OneDnn.plain(plan.samples(), units));
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
            intent, source.layout(), used(plan), outputGradient.layout()));
    PrimitiveOperation operation = plan.operation(intent, forward);
    Tensor outgoing = plan.tensor(source.layout());
    plan.run(
        "dense backward data",
        operation,
        new Arguments()
            .with(DNNL_ARG_DIFF_DST, outputGradient)
            .with(DNNL_ARG_WEIGHTS, used(plan, operation))
            .with(DNNL_ARG_DIFF_SRC, outgoing));
    pass(
        plan,
        input(),
        plan.view(outgoing, OneDnn.plainLike(outgoing.layout(), input().output().shape())));
  }
}
