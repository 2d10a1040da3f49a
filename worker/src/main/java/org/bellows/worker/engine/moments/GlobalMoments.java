// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.moments;

import java.nio.FloatBuffer;
import org.bellows.worker.parallel.LaneCombiner;

/**
 * The mean and variance of each channel over all lanes, from those of each lane. Two sets a and b
 * of n_a and n_b values, with means m and sums S of squared deviations from them, are combined as
 * Chan, Golub and LeVeque have it ("Updating Formulae and a Pairwise Algorithm for Computing Sample
 * Variances", 1979, equation 2.1):
 *
 * <pre>
 * n = n_a + n_b,  d = m_b - m_a
 * m = m_a + d n_b / n
 * S = S_a + S_b + d^2 n_a n_b / n
 * </pre>
 */
public final class GlobalMoments {
  private GlobalMoments() {}

  /**
   * @param values of a channel in this lane: samples x height x width
   * @param mean [channels] of this lane; of all lanes afterwards
   * @param variance likewise, biased
   */
  public static void combineInPlace(
      LaneCombiner lanes, String norm, long values, FloatBuffer mean, FloatBuffer variance) {
    int channels = mean.capacity();
    double[] own = new double[1 + 2 * channels];
    own[0] = values;
    for (int i = 0; i < channels; i++) {
      own[1 + i] = mean.get(i);
      own[1 + channels + i] = (double) variance.get(i) * values;
    }
    double[] all = lanes.combine("moments of " + norm, own, GlobalMoments::merge);
    for (int i = 0; i < channels; i++) {
      mean.put(i, (float) all[1 + i]);
      variance.put(i, (float) (all[1 + channels + i] / all[0]));
    }
  }

  private static double[] merge(double[] left, double[] right) {
    int channels = (left.length - 1) / 2;
    double[] both = new double[left.length];
    double n = left[0] + right[0];
    both[0] = n;
    for (int mean = 1; mean <= channels; mean++) {
      int squares = mean + channels;
      double apart = right[mean] - left[mean];
      both[mean] = left[mean] + apart * (right[0] / n);
      both[squares] = left[squares] + right[squares] + apart * apart * (left[0] * (right[0] / n));
    }
    return both;
  }
}
