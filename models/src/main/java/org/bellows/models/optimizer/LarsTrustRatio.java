// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.optimizer;

import org.bellows.conf.OptimizerSettings;

/**
 * Layer-wise adaptive rate scaling, LARS (You et al. 2017, Algorithm 1).
 *
 * <pre>
 * paper      here
 * lambda^l   trust * |w| / (|g| + decay * |w|)
 * v          momentum * v + gamma * lambda^l * (g + decay * w)
 * w          w - v                                          (gamma: the schedule's rate)
 * </pre>
 *
 * <p>So LARS is momentum ({@link Momentum}) over gradients that are scaled array by array. A layer
 * is one parameter array. Deviations: biases and BatchNorm, which decay spares, keep their own
 * gradient, as other implementations have it; so does a weight array of norm 0 or with a gradient
 * of norm 0, which could otherwise never move.
 */
public final class LarsTrustRatio {
  private final boolean on;
  private final double trust;
  private final double decay;

  public LarsTrustRatio(OptimizerSettings settings) {
    this.on = settings.name() == OptimizerSettings.OptimizerName.LARS;
    this.trust = settings.trustCoefficient();
    this.decay = settings.weightDecay();
  }

  /** Whether {@link #factor} needs the norms of each weight array. */
  public boolean needsNorms() {
    return on;
  }

  /**
   * @param weightNorm Euclidean norm of one weight array before the update
   * @param gradientNorm of its gradient without decay
   * @return factor for the array's gradient, decay included
   */
  public double factor(double weightNorm, double gradientNorm) {
    return !on || weightNorm == 0 || gradientNorm == 0
        ? 1
        : trust * weightNorm / (gradientNorm + decay * weightNorm);
  }
}
