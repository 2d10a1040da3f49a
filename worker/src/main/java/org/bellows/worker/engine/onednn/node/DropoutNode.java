// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import static org.bytedeco.dnnl.global.dnnl.dnnl_bf16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_mul;

import java.nio.FloatBuffer;
import java.util.List;
import org.bellows.worker.engine.masks.DropMasks;
import org.bellows.worker.engine.onednn.arithmetic.Bfloat16;
import org.bellows.worker.engine.onednn.plan.ActivationFunction;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.Tensor;

/**
 * Dropout (Srivastava et al. 2014) in its inverted form: in training each element is kept with
 * probability p and divided by p, or 0. The draws come from the pass's seed and the vertex's name,
 * one an element in the order of [n, channels, height, width].
 */
public final class DropoutNode extends Node {
  private final double kept;
  private Tensor mask;

  /** What the mask's 1 / p lacks where it is not a float. */
  private ActivationFunction rest = ActivationFunction.IDENTITY;

  /**
   * @param kept p, in (0, 1]
   */
  public DropoutNode(String name, Node input, double kept) {
    super(name, List.of(input));
    this.kept = kept;
  }

  @Override
  public Tensor forward(PlanBuilder plan) {
    Tensor source = input().output();
    if (!plan.isTraining()) {
      plan.retain(source);
      return source;
    }
    Tensor plain = plan.tensor(OneDnn.plain(source.shape()));
    int count = Math.toIntExact(source.elements());
    FloatBuffer elements = plain.floats(count);
    plan.run(
        "mask",
        context -> DropMasks.ofElements(elements, kept, DropMasks.seed(context.seed(), name())));
    if (source.layout().data_type() == dnnl_bf16) {
      rest = ActivationFunction.linear(1 / (kept * Bfloat16.rounded((float) (1 / kept))));
    }
    mask = plan.inLayout(plain, source.layout());
    plan.release(plain);
    Tensor output = plan.tensor(source.layout());
    binary(plan, dnnl_binary_mul, source, mask, output, rest);
    return output;
  }

  @Override
  public void backward(PlanBuilder plan, Tensor outputGradient) {
    Tensor incoming = plan.inLayout(outputGradient, mask.layout());
    plan.release(outputGradient);
    Tensor outgoing = plan.isOnlyReference(incoming) ? incoming : plan.tensor(mask.layout());
    binary(plan, dnnl_binary_mul, incoming, mask, outgoing, rest);
    releaseUnlessReused(plan, incoming, outgoing);
    plan.release(mask);
    pass(plan, input(), outgoing);
  }
}
