// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.optimizer;

/**
 * Nesterov's momentum (Sutskever et al. 2013, equations 3 and 4) in the form that deep learning
 * frameworks write, for parameters looked ahead:
 *
 * <pre>
 * v  = momentum * v + g
 * w -= lr * (g + momentum * v)
 * </pre>
 *
 * <p>Where the rate stands is {@link Velocity}'s matter.
 */
public final class Nesterov implements Optimizer {
  private final float momentum;
  private final boolean corrected;

  /**
   * @param corrected whether the velocity follows a change of the rate at once
   */
  public Nesterov(double momentum, boolean corrected) {
    this.momentum = (float) momentum;
    this.corrected = corrected;
  }

  @Override
  public int stateSize() {
    return 1;
  }

  @Override
  public void updateInPlace(
      float[] parameters, float[] gradient, float[][] state, ElementRange range) {
    Velocity scale = Velocity.of(corrected, range.learningRate());
    float[] velocity = state[0];
    int shift = range.sliceOffset();
    for (int i = range.from(); i < range.to(); i++) {
      float pulled = scale.inside() * gradient[i - shift];
      float moved = momentum * velocity[i - shift] + pulled;
      velocity[i - shift] = moved;
      parameters[i] -= scale.outside() * (pulled + momentum * moved);
    }
  }
}
