// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.plan;

import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_clip_v2;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_clip_v2_use_dst_for_bwd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_linear;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_logistic;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_logistic_use_dst_for_bwd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_relu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_relu_use_dst_for_bwd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_swish;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_tanh;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_tanh_use_dst_for_bwd;

import org.bellows.models.layer.Activation;

/**
 * A function of each element.
 *
 * @param forward oneDNN's name of it
 * @param backward oneDNN's name of its derivative
 * @param fromResult whether the derivative is computed from the result instead of the argument, so
 *     that the argument need not be kept
 * @param alpha first constant
 * @param beta second constant
 */
public record ActivationFunction(
    int forward, int backward, boolean fromResult, float alpha, float beta) {
  public static final ActivationFunction IDENTITY =
      new ActivationFunction(dnnl_eltwise_linear, dnnl_eltwise_linear, true, 1, 0);
  public static final ActivationFunction RELU =
      new ActivationFunction(dnnl_eltwise_relu, dnnl_eltwise_relu_use_dst_for_bwd, true, 0, 0);
  private static final ActivationFunction RELU6 =
      new ActivationFunction(
          dnnl_eltwise_clip_v2, dnnl_eltwise_clip_v2_use_dst_for_bwd, true, 0, 6);
  private static final ActivationFunction TANH =
      new ActivationFunction(dnnl_eltwise_tanh, dnnl_eltwise_tanh_use_dst_for_bwd, true, 0, 0);
  private static final ActivationFunction SIGMOID =
      new ActivationFunction(
          dnnl_eltwise_logistic, dnnl_eltwise_logistic_use_dst_for_bwd, true, 0, 0);
  private static final ActivationFunction SWISH =
      new ActivationFunction(dnnl_eltwise_swish, dnnl_eltwise_swish, false, 1, 0);

  public static ActivationFunction linear(double factor) {
    return new ActivationFunction(
        dnnl_eltwise_linear, dnnl_eltwise_linear, true, (float) factor, 0);
  }

  public static ActivationFunction of(Activation activation) {
    return switch (activation) {
      case IDENTITY -> IDENTITY;
      case RELU -> RELU;
      case RELU6 -> RELU6;
      case TANH -> TANH;
      case SIGMOID -> SIGMOID;
      case SWISH -> SWISH;
    };
  }

  /** Whether it is 0 at 0. */
  public boolean keepsZero() {
    return !equals(SIGMOID);
  }

  public boolean isIdentity() {
    return equals(IDENTITY);
  }
}
