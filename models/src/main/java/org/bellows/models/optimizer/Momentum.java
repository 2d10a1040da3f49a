// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.optimizer;

/**
 * Classical momentum (Polyak 1964; Sutskever et al. 2013, equations 1 and 2): v = momentum * v + g;
 * w -= lr * v. Where the rate stands is {@link Velocity}'s matter.
 */
public final class Momentum implements Optimizer {
  private final float momentum;
  private final boolean corrected;

  /**
   * @param corrected whether the velocity follows a change of the rate at once
   */
  public Momentum(double momentum, boolean corrected) {
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
      float moved = momentum * velocity[i - shift] + scale.inside() * gradient[i - shift];
      velocity[i - shift] = moved;
      parameters[i] -= scale.outside() * moved;
    }
  }
}
