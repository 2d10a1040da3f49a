// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node.convolution;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_dst_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_src_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_weights_md;

import org.bellows.worker.engine.onednn.plan.Arguments;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.PostOperations;
import org.bellows.worker.engine.onednn.plan.PrimitiveOperation;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc_t;

/**
 * The forward primitive of a convolution.
 *
 * @param batching how it is given the samples of a batch
 */
record ForwardConvolution(
    ConvolutionShapes shapes, PrimitiveOperation operation, Batching batching) {

  /** How a primitive is given the samples of a batch. */
  enum Batching {
    /** As they are. */
    TOGETHER,
    /** In one call for each. */
    ONE_BY_ONE,
    /** As the depth of one sample: [samples, channels, ..] as [1, channels, samples, ..]. */
    AS_DEPTH
  }

  /**
   * @param bias its layout; null: none
   */
  static ForwardConvolution of(
      PlanBuilder plan, ConvolutionShapes shapes, dnnl_memory_desc_t bias, PostOperations then) {
    return new ForwardConvolution(
        shapes, shapes.forward(plan, bias, then), shapes.batching(plan, then));
  }

  /** The layout of the batch that it reads. */
  dnnl_memory_desc_t inputLayout() {
    return ofBatch(operation.layout(dnnl_query_src_md), shapes.from());
  }

  /** The layout of the batch that it writes. */
  dnnl_memory_desc_t outputLayout() {
    return ofBatch(operation.layout(dnnl_query_dst_md), shapes.to());
  }

  private dnnl_memory_desc_t ofBatch(dnnl_memory_desc_t seen, long[] shape) {
    return batching == Batching.TOGETHER ? seen : OneDnn.like(seen, shape);
  }

  /**
   * Adds its calls.
   *
   * @param weights of the shape of {@link ConvolutionShapes#bank}
   * @param bias null: it adds none
   */
  void run(PlanBuilder plan, Tensor source, Tensor weights, Tensor bias, Tensor output) {
    Tensor given =
        batching == Batching.AS_DEPTH
            ? plan.view(weights, OneDnn.plain(ConvolutionShapes.flat(weights.shape())))
            : weights;
    Tensor laid = plan.parameterInLayout(given, operation.layout(dnnl_query_weights_md));
    long calls = batching == Batching.ONE_BY_ONE ? shapes.from()[0] : 1;
    for (long i = 0; i < calls; i++) {
      Arguments arguments =
          new Arguments()
              .with(DNNL_ARG_SRC, seen(plan, source, dnnl_query_src_md, i))
              .with(DNNL_ARG_WEIGHTS, laid)
              .with(DNNL_ARG_DST, seen(plan, output, dnnl_query_dst_md, i));
      if (bias != null) {
        arguments.with(DNNL_ARG_BIAS, bias);
      }
      plan.run("convolution", operation, arguments);
    }
  }

  /**
   * What a call sees of a batch.
   *
   * @param call number of the call
   */
  private Tensor seen(PlanBuilder plan, Tensor batch, int query, long call) {
    return switch (batching) {
      case TOGETHER -> batch;
      case ONE_BY_ONE -> plan.sample(batch, operation.layout(query), call);
      case AS_DEPTH -> plan.view(batch, operation.layout(query));
    };
  }
}
