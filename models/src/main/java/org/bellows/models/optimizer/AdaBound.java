// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.optimizer;

/**
 * AdaBound and AMSBound (Luo et al. 2019, Algorithms 2 and 3): Adam whose rate of each element is
 * clipped to a band that closes on one final rate, so that it begins as Adam and ends as SGD with
 * momentum.
 *
 * <pre>
 * paper         here
 * m_t, v_t      mean, square ({@link Moments}); AMSBound takes the largest v so far
 * eta_l(t)      lower = final * (1 - 1 / (gamma * t + 1))
 * eta_u(t)      upper = final * (1 + 1 / (gamma * t))
 * eta-hat       clip(alpha / sqrt(V_t), lower, upper)
 * x_t+1         w -= eta-hat * m_t
 * </pre>
 *
 * <p>Deviations, all three those of the authors' published code: no division of the rate by
 * sqrt(t), whose part the schedule has; Adam's correction of the moments' bias in alpha; final
 * follows the schedule, so that it keeps its proportion to alpha. Their gamma is 1 - beta2 in the
 * paper's bounds.
 */
public final class AdaBound implements Optimizer {
  private final Moments moments;
  private final double finalShare;
  private final double gamma;
  private final boolean largest;

  /**
   * @param finalShare final rate over the learning rate of the same step
   * @param gamma how fast the band closes, a step
   * @param largest whether the largest mean square so far counts: AMSBound
   */
  AdaBound(Moments moments, double finalShare, double gamma, boolean largest) {
    this.moments = moments;
    this.finalShare = finalShare;
    this.gamma = gamma;
    this.largest = largest;
  }

  @Override
  public int stateSize() {
    return largest ? 3 : 2;
  }

  @Override
  public void updateInPlace(
      float[] parameters, float[] gradient, float[][] state, ElementRange range) {
    long t = range.step() + 1;
    double finalRate = range.learningRate() * finalShare;
    float lower = (float) (finalRate * (1 - 1 / (gamma * t + 1)));
    float upper = (float) (finalRate * (1 + 1 / (gamma * t)));
    float alpha =
        (float)
            (range.learningRate()
                * Math.sqrt(moments.secondCorrection(range.step()))
                / moments.firstCorrection(range.step()));
    float beta1 = (float) moments.beta1();
    float beta2 = (float) moments.beta2();
    float epsilon = (float) moments.epsilon();
    int shift = range.sliceOffset();
    for (int i = range.from(); i < range.to(); i++) {
      int at = i - shift;
      float g = gradient[at];
      state[0][at] = beta1 * state[0][at] + (1 - beta1) * g;
      state[1][at] = beta2 * state[1][at] + (1 - beta2) * (g * g);
      float square = state[1][at];
      if (largest) {
        square = Math.max(state[2][at], square);
        state[2][at] = square;
      }
      float rate = alpha / ((float) Math.sqrt(square) + epsilon);
      parameters[i] -= Math.min(Math.max(rate, lower), upper) * state[0][at];
    }
  }
}
