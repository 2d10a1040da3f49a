// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_mul;
import static org.bytedeco.dnnl.global.dnnl.dnnl_data_type_size;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_get_size;

import java.nio.FloatBuffer;
import java.util.List;
import org.bellows.worker.engine.masks.DropMasks;
import org.bellows.worker.engine.onednn.plan.ActivationFunction;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.Tensor;

/**
 * Stochastic depth (Huang et al. 2016) as in {@link org.bellows.models.layer.StochasticDepth}: in
 * training a sample is divided by p with probability p, or 0. The draws come from the pass's seed
 * and the vertex's name.
 */
public final class StochasticDepthNode extends Node {
  private final double survival;
  private Tensor scales;

  public StochasticDepthNode(String name, Node input, double survival) {
    super(name, List.of(input));
    this.survival = survival;
  }

  @Override
  public Tensor forward(PlanBuilder plan) {
    Tensor source = input().output();
    if (!plan.isTraining()) {
      plan.retain(source);
      return source;
    }
    int samples = plan.samples();
    scales = plan.tensor(OneDnn.plain(1, samples, 1, 1));
    FloatBuffer floats = scales.floats(samples);
    plan.run(
        "mask",
        context -> DropMasks.ofSamples(floats, survival, DropMasks.seed(context.seed(), name())));
    Tensor output = plan.tensor(source.layout());
    scale(plan, source, output);
    return output;
  }

  /** Each sample is contiguous: a "channel" of [1, n, elements, 1]. */
  private void scale(PlanBuilder plan, Tensor from, Tensor to) {
    long bytes = dnnl_data_type_size(from.layout().data_type());
    long elements = dnnl_memory_desc_get_size(from.layout()) / bytes / plan.samples();
    long[] pieces = {1, plan.samples(), elements, 1};
    binary(
        plan,
        dnnl_binary_mul,
        plan.view(from, OneDnn.plainLike(from.layout(), pieces)),
        scales,
        plan.view(to, OneDnn.plainLike(to.layout(), pieces)),
        ActivationFunction.IDENTITY);
  }

  @Override
  public void backward(PlanBuilder plan, Tensor outputGradient) {
    Tensor outgoing =
        plan.isOnlyReference(outputGradient)
            ? outputGradient
            : plan.tensor(outputGradient.layout());
    scale(plan, outputGradient, outgoing);
    releaseUnlessReused(plan, outputGradient, outgoing);
    plan.release(scales);
    pass(plan, input(), outgoing);
  }
}
