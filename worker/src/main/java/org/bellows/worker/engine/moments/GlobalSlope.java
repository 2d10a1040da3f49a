// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.moments;

import java.nio.FloatBuffer;
import org.bellows.worker.parallel.LaneCombiner;

/**
 * What the loss's slope at BatchNorm's input has because mean and variance depend on the values of
 * all lanes (Ioffe and Szegedy 2015, section 3, the equations of back-propagation). With g the
 * slope at the output, x' the normalised input, s = gamma / sqrt(variance + epsilon) and N values
 * of a channel in all lanes:
 *
 * <pre>
 * slope at the input = s g - s (a + b x'),  a = sum(g) / N,  b = sum(g x') / N
 * </pre>
 *
 * <p>The sums over a lane are its gradients of beta and gamma.
 */
public final class GlobalSlope {
  private GlobalSlope() {}

  /**
   * The layer's parameters in place, [channels] each.
   *
   * @param variance over all lanes
   * @param gammaSlope gradient of gamma in this lane
   * @param betaSlope likewise of beta
   */
  public record Channels(
      FloatBuffer gamma, FloatBuffer variance, FloatBuffer gammaSlope, FloatBuffer betaSlope) {}

  /**
   * @param values of a channel in this lane: samples x height x width
   * @param scale [channels] becomes -s b
   * @param shift [channels] becomes -s a
   */
  public static void combine(
      LaneCombiner lanes,
      String norm,
      long values,
      double epsilon,
      Channels layer,
      FloatBuffer scale,
      FloatBuffer shift) {
    int channels = scale.capacity();
    double[] own = new double[1 + 2 * channels];
    own[0] = values;
    for (int i = 0; i < channels; i++) {
      own[1 + i] = layer.gammaSlope().get(i);
      own[1 + channels + i] = layer.betaSlope().get(i);
    }
    double[] all = lanes.combine("slopes of " + norm, own, GlobalSlope::add);
    for (int i = 0; i < channels; i++) {
      double s = layer.gamma().get(i) / Math.sqrt((double) layer.variance().get(i) + epsilon);
      scale.put(i, (float) (-s * (all[1 + i] / all[0])));
      shift.put(i, (float) (-s * (all[1 + channels + i] / all[0])));
    }
  }

  private static double[] add(double[] left, double[] right) {
    double[] sum = new double[left.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = left[i] + right[i];
    }
    return sum;
  }
}
