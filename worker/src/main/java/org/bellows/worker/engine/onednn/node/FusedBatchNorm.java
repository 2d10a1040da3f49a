// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import java.nio.FloatBuffer;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.Tensor;

/**
 * BatchNorm in inference as part of the layer before it: y = s (W x + b) + t with s = gamma /
 * sqrt(variance + epsilon) and t = beta - s mean, so that the layer's weights become s W and its
 * biases s b + t (Jacob et al., "Quantization and Training of Neural Networks", 2018, equation 14).
 * Computed in double precision, when the parameters have changed.
 *
 * @param name of the BatchNorm
 * @param epsilon added to the variance
 */
public record FusedBatchNorm(String name, float epsilon) {

  /**
   * @param own the layer's weights, output channels first, in any order of the dimensions
   * @return s W, in the same layout
   */
  Tensor weights(PlanBuilder plan, Tensor own) {
    int channels = Math.toIntExact(own.shape()[0]);
    int stride = Math.toIntExact(OneDnn.strides(own.layout())[0]);
    int count = Math.toIntExact(own.elements());
    Tensor folded = plan.zeros(own.layout());
    FloatBuffer from = own.floats(count);
    FloatBuffer to = folded.floats(count);
    Statistics statistics = statistics(plan, channels);
    plan.onNewParameters(
        "fold weights",
        () -> {
          for (int start = 0; start < count; start += stride) {
            double scale = statistics.scale(start / stride % channels);
            for (int i = start; i < start + stride; i++) {
              to.put(i, (float) (scale * from.get(i)));
            }
          }
        });
    return folded;
  }

  /**
   * @param own the layer's biases [channels]; null: none
   * @return s b + t, [channels]
   */
  Tensor bias(PlanBuilder plan, Tensor own, int channels) {
    Tensor folded = plan.zeros(OneDnn.plain(channels));
    FloatBuffer from = own == null ? null : own.floats(channels);
    FloatBuffer to = folded.floats(channels);
    Statistics statistics = statistics(plan, channels);
    plan.onNewParameters(
        "fold biases",
        () -> {
          for (int i = 0; i < channels; i++) {
            double centred = (from == null ? 0 : from.get(i)) - (double) statistics.mean().get(i);
            to.put(i, (float) (statistics.scale(i) * centred + statistics.beta().get(i)));
          }
        });
    return folded;
  }

  private Statistics statistics(PlanBuilder plan, int channels) {
    return new Statistics(
        floats(plan, "gamma", channels),
        floats(plan, "beta", channels),
        floats(plan, "mean", channels),
        floats(plan, "var", channels),
        epsilon);
  }

  private FloatBuffer floats(PlanBuilder plan, String which, int channels) {
    return plan.parameter(name + "_" + which, OneDnn.plain(channels)).floats(channels);
  }

  /** The norm's parameters in place, one a channel each. */
  private record Statistics(
      FloatBuffer gamma, FloatBuffer beta, FloatBuffer mean, FloatBuffer variance, float epsilon) {

    /** s. */
    double scale(int channel) {
      return gamma.get(channel) / Math.sqrt((double) variance.get(channel) + epsilon);
    }
  }
}
