// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_mul;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_avg_include_padding;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_forward_desc_init;

import java.util.List;
import org.bellows.worker.engine.onednn.plan.ActivationFunction;
import org.bellows.worker.engine.onednn.plan.Arguments;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_pooling_desc_t;

/** A map's channels times one number each, as {@link org.bellows.models.layer.ChannelScale}. */
public final class ChannelScaleNode extends Node {
  private Tensor map;

  /** [n, channels, 1, 1] in the map's blocks. */
  private Tensor scales;

  public ChannelScaleNode(String name, Node map, Node scales) {
    super(name, List.of(map, scales));
  }

  @Override
  public Tensor forward(PlanBuilder plan) {
    map = mapOf(plan, input().output());
    long[] shape = map.shape();
    Tensor given = inputs().get(1).output();
    Tensor square = plan.view(given, OneDnn.plainLike(given.layout(), shape[0], shape[1], 1, 1));
    scales = plan.inLayout(square, OneDnn.like(map.layout(), shape[0], shape[1], 1, 1));
    Tensor output = plan.tensor(map.layout());
    multiply(plan, map, output);
    if (!plan.isTraining()) {
      plan.release(map);
      plan.release(scales);
    }
    return output;
  }

  /** Held once more, and not with channels last. */
  private static Tensor mapOf(PlanBuilder plan, Tensor tensor) {
    dnnl_memory_desc_t layout = tensor.layout();
    return plan.inLayout(
        tensor, OneDnn.isBlocked(layout) ? layout : OneDnn.plainLike(layout, tensor.shape()));
  }

  /**
   * All channels of all samples are contiguous, in blocks or not: they can also be seen as the
   * channels of one sample, each with its own scale.
   */
  private void multiply(PlanBuilder plan, Tensor from, Tensor to) {
    long[] shape = from.shape();
    long channels = shape[0] * OneDnn.paddedChannels(from.layout());
    dnnl_memory_desc_t pieces = OneDnn.like(from.layout(), 1, channels, shape[2], shape[3]);
    binary(
        plan,
        dnnl_binary_mul,
        plan.view(from, pieces),
        plan.view(scales, OneDnn.like(from.layout(), 1, channels, 1, 1)),
        plan.view(to, pieces),
        ActivationFunction.IDENTITY);
  }

  @Override
  public void backward(PlanBuilder plan, Tensor outputGradient) {
    Tensor incoming = plan.inLayout(outputGradient, map.layout());
    plan.release(outputGradient);
    Tensor product = plan.tensor(map.layout());
    binary(plan, dnnl_binary_mul, map, incoming, product, ActivationFunction.IDENTITY);
    passToScales(plan, product);
    Tensor outgoing = plan.isOnlyReference(incoming) ? incoming : plan.tensor(map.layout());
    multiply(plan, incoming, outgoing);
    releaseUnlessReused(plan, incoming, outgoing);
    plan.release(map);
    plan.release(scales);
    pass(plan, input(), outgoing);
  }

  /** The sum over each map, as its mean times its pixels. */
  private void passToScales(PlanBuilder plan, Tensor product) {
    long[] shape = product.shape();
    Tensor sums = plan.tensor(scales.layout());
    dnnl_pooling_desc_t intent = new dnnl_pooling_desc_t();
    OneDnn.check(
        "a sum over maps",
        dnnl_pooling_forward_desc_init(
            intent,
            dnnl_forward_inference,
            dnnl_pooling_avg_include_padding,
            product.layout(),
            sums.layout(),
            new long[] {1, 1},
            new long[] {shape[2], shape[3]},
            new long[] {0, 0},
            new long[] {0, 0}));
    plan.run(
        "sum over maps",
        plan.operation(intent, null, ActivationFunction.linear((double) shape[2] * shape[3])),
        new Arguments().with(DNNL_ARG_SRC, product).with(DNNL_ARG_DST, sums));
    plan.release(product);
    Tensor plain = plan.inLayout(sums, OneDnn.plain(shape[0], shape[1], 1, 1));
    plan.release(sums);
    Node gate = inputs().get(1);
    pass(plan, gate, plan.view(plain, OneDnn.plain(gate.output().shape())));
  }
}
