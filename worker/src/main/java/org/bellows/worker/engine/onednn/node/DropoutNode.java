// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import static org.bytedeco.dnnl.global.dnnl.dnnl_bf16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_mul;

import java.nio.FloatBuffer;
import java.util.List;
import org.bellows.data.random.SampleRandom;
import org.bellows.data.random.SplittableSeeds;
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
  private static final double UNIT = 0x1p-31;

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
        "mask", context -> fill(elements, kept, SplittableSeeds.derive(context.seed(), name())));
    if (source.layout().data_type() == dnnl_bf16) {
      rest = ActivationFunction.linear(1 / (kept * Bfloat16.rounded((float) (1 / kept))));
    }
    mask = plan.inLayout(plain, source.layout());
    plan.release(plain);
    Tensor output = plan.tensor(source.layout());
    binary(plan, dnnl_binary_mul, source, mask, output, rest);
    return output;
  }

  /**
   * Two draws from each random number.
   *
   * @param elements filled with 1 / p or 0
   */
  public static void fill(FloatBuffer elements, double kept, long seed) {
    SampleRandom random = new SampleRandom(seed);
    float scale = (float) (1 / kept);
    long threshold = (long) (kept / UNIT);
    int count = elements.capacity();
    for (int i = 0; i < count; i += 2) {
      long bits = random.nextLong();
      elements.put(i, bits >>> 33 < threshold ? scale : 0);
      if (i + 1 < count) {
        elements.put(i + 1, (bits & 0x7fffffffL) < threshold ? scale : 0);
      }
    }
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
