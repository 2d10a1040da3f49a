// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_add;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_div;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_mul;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_direct;
import static org.bytedeco.dnnl.global.dnnl.dnnl_convolution_forward_desc_init;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_sqrt;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_square;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_weights_md;

import java.util.Arrays;
import java.util.List;
import org.bellows.models.layer.LocalResponseNorm;
import org.bellows.worker.engine.onednn.plan.ActivationFunction;
import org.bellows.worker.engine.onednn.plan.Arguments;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.PrimitiveOperation;
import org.bellows.worker.engine.onednn.plan.Tensor;
import org.bytedeco.dnnl.dnnl_convolution_desc_t;
import org.bytedeco.dnnl.dnnl_memory_desc_t;

/**
 * {@link LocalResponseNorm}, with its symbols. The sums over neighbouring channels are a 1x1
 * convolution with a band of alphas: oneDNN's own backward pass is a plain loop on most machines.
 *
 * <pre>
 * forward   s = k + band(x^2);  m = s^(1/2) * (s^(1/2))^(1/2) = s^(3/4);  y = x / m
 * backward  dx = e / m - 2 * beta * x * band(e * y / s)
 * </pre>
 */
public final class LocalResponseNormNode extends Node {
  private static final ActivationFunction SQUARE =
      new ActivationFunction(dnnl_eltwise_square, dnnl_eltwise_square, false, 0, 0);
  private static final ActivationFunction ROOT =
      new ActivationFunction(dnnl_eltwise_sqrt, dnnl_eltwise_sqrt, false, 0, 0);

  private final LocalResponseNorm norm;
  private Tensor x;
  private Tensor s;
  private Tensor m;
  private Tensor y;

  public LocalResponseNormNode(String name, Node input, LocalResponseNorm norm) {
    super(name, List.of(input));
    this.norm = norm;
  }

  @Override
  public Tensor forward(PlanBuilder plan) {
    // The sums lie so near k that a format of fewer bits than a float's would give k.
    x = plan.inLayout(input().output(), OneDnn.ofType(dnnl_f32, input().output().layout()));
    dnnl_memory_desc_t layout = x.layout();
    Tensor squares = plan.tensor(layout);
    Elementwise.forward(plan, SQUARE, x, squares);
    s = plan.tensor(layout);
    band(plan, squares, s, norm.k());
    plan.release(squares);
    m = plan.tensor(layout);
    Tensor quarter = plan.tensor(layout);
    Elementwise.forward(plan, ROOT, s, m);
    Elementwise.forward(plan, ROOT, m, quarter);
    binary(plan, dnnl_binary_mul, m, quarter, m, ActivationFunction.IDENTITY);
    plan.release(quarter);
    y = plan.tensor(layout);
    binary(plan, dnnl_binary_div, x, m, y, ActivationFunction.IDENTITY);
    if (plan.isTraining()) {
      plan.retain(y);
    } else {
      plan.release(x);
      plan.release(s);
      plan.release(m);
    }
    return y;
  }

  @Override
  public void backward(PlanBuilder plan, Tensor outputGradient) {
    Tensor e = plan.inLayout(outputGradient, x.layout());
    plan.release(outputGradient);
    Tensor product = plan.tensor(x.layout());
    binary(plan, dnnl_binary_mul, e, y, product, ActivationFunction.IDENTITY);
    binary(plan, dnnl_binary_div, product, s, product, ActivationFunction.IDENTITY);
    Tensor sums = plan.tensor(x.layout());
    band(plan, product, sums, 0);
    plan.release(product);
    ActivationFunction factor = ActivationFunction.linear(-2 * LocalResponseNorm.BETA);
    binary(plan, dnnl_binary_mul, sums, x, sums, factor);
    Tensor outgoing = plan.tensor(x.layout());
    binary(plan, dnnl_binary_div, e, m, outgoing, ActivationFunction.IDENTITY);
    binary(plan, dnnl_binary_add, outgoing, sums, outgoing, ActivationFunction.IDENTITY);
    for (Tensor done : List.of(sums, e, x, s, m, y)) {
      plan.release(done);
    }
    pass(plan, input(), outgoing);
  }

  /** result_i = addend + alpha * the sum of the channels around i of {@code from}. */
  private void band(PlanBuilder plan, Tensor from, Tensor result, double addend) {
    long channels = from.shape()[1];
    dnnl_convolution_desc_t intent = new dnnl_convolution_desc_t();
    long[] one = {1, 1};
    long[] none = {0, 0};
    OneDnn.check(
        "sums over channels",
        dnnl_convolution_forward_desc_init(
            intent,
            dnnl_forward_inference,
            dnnl_convolution_direct,
            from.layout(),
            OneDnn.any(channels, channels, 1, 1),
            OneDnn.plain(channels),
            result.layout(),
            one,
            none,
            none));
    PrimitiveOperation operation = plan.operation(intent, null);
    Tensor weights = constant(plan, matrix((int) channels), channels, channels, 1, 1);
    float[] bias = new float[(int) channels];
    Arrays.fill(bias, (float) addend);
    plan.run(
        "sums over channels",
        operation,
        new Arguments()
            .with(DNNL_ARG_SRC, from)
            .with(
                DNNL_ARG_WEIGHTS,
                plan.parameterInLayout(weights, operation.layout(dnnl_query_weights_md)))
            .with(DNNL_ARG_BIAS, constant(plan, bias, channels))
            .with(DNNL_ARG_DST, result));
  }

  private float[] matrix(int channels) {
    float[] matrix = new float[channels * channels];
    for (int i = 0; i < channels; i++) {
      int last = Math.min(channels - 1, i + LocalResponseNorm.REACH);
      for (int j = Math.max(0, i - LocalResponseNorm.REACH); j <= last; j++) {
        matrix[i * channels + j] = (float) norm.alpha();
      }
    }
    return matrix;
  }

  private static Tensor constant(PlanBuilder plan, float[] values, long... shape) {
    Tensor tensor = plan.zeros(OneDnn.plain(shape));
    tensor.floats(values.length).put(values);
    return tensor;
  }
}
