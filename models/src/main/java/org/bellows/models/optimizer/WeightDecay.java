// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.optimizer;

import org.bellows.conf.OptimizerSettings;
import org.bellows.models.optimizer.Optimizer.ElementRange;

/**
 * Weight decay: pulls weights towards 0, with any optimizer. It applies to weights only, not to
 * biases and BatchNorm (He et al. 2018, "Bag of Tricks", section 3.1; Goyal et al. 2017, section
 * 5.1).
 *
 * <pre>
 * L2, L1      g += decay * w + decay1 * sign(w)
 * decoupled   w -= lr * decay * w      (Loshchilov and Hutter 2019, Algorithm 2, with the
 *                                       schedule's rate for eta, as frameworks have it)
 * </pre>
 */
public final class WeightDecay {
  private final boolean decoupled;
  private final float decay;
  private final float absolute;

  public WeightDecay(OptimizerSettings settings) {
    this.decoupled = settings.isDecoupled();
    this.decay = (float) settings.weightDecay();
    this.absolute = (float) settings.weightDecayL1();
  }

  /**
   * Before the optimizer, for a stretch of weights.
   *
   * @param parameters flat vector; shrinks when decoupled
   * @param gradient [slice length], placed as in {@link Optimizer#updateInPlace}
   */
  public void applyInPlace(float[] parameters, float[] gradient, ElementRange range) {
    int shift = range.sliceOffset();
    float pull = decoupled ? 0 : decay;
    if (absolute != 0) {
      for (int i = range.from(); i < range.to(); i++) {
        float weight = parameters[i];
        gradient[i - shift] += pull * weight + absolute * Math.signum(weight);
      }
    } else if (pull != 0) {
      // The usual case by itself: Java has no vector instructions for signum.
      for (int i = range.from(); i < range.to(); i++) {
        gradient[i - shift] += pull * parameters[i];
      }
    }
    if (decoupled) {
      float shrink = (float) (range.learningRate() * decay);
      for (int i = range.from(); i < range.to(); i++) {
        parameters[i] -= shrink * parameters[i];
      }
    }
  }
}
