// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.optimizer;

import org.bellows.conf.OptimizerSettings;

/**
 * Bounds on the mean gradient, before weight decay: each element into [-value, value], then the
 * whole to a Euclidean norm (Pascanu et al. 2013, Algorithm 1: g *= threshold / |g| where |g| is
 * larger). Running statistics are not gradients and take no part.
 */
public final class GradientClip {
  private final float value;
  private final double norm;

  public GradientClip(OptimizerSettings settings) {
    this.value = (float) settings.clipValue();
    this.norm = settings.clipNorm();
  }

  /** Whether {@link #factor} needs the norm of the gradient. */
  public boolean needsNorm() {
    return norm > 0;
  }

  /** Cuts elements [from, to) of a gradient. */
  public void cutInPlace(float[] gradient, int from, int to) {
    if (value > 0) {
      for (int i = from; i < to; i++) {
        gradient[i] = Math.min(Math.max(gradient[i], -value), value);
      }
    }
  }

  /**
   * @param gradientNorm Euclidean norm of all trainable parameters' gradient, after cutting
   * @return factor for the gradient
   */
  public double factor(double gradientNorm) {
    return norm > 0 && gradientNorm > norm ? norm / gradientNorm : 1;
  }
}
