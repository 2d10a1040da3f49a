// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.optimizer;

/**
 * RMSProp (Tieleman and Hinton 2012, lecture 6.5) with momentum, as TensorFlow writes it and the
 * papers of MobileNet and EfficientNet mean it:
 *
 * <pre>
 * s  = decay * s + (1 - decay) * g^2
 * v  = momentum * v + g / sqrt(s + epsilon)
 * w -= lr * v
 * </pre>
 *
 * <p>TensorFlow has the rate inside the velocity ({@link Velocity}) and begins with s = 1; here s
 * begins with 0, as in the lecture.
 */
public final class RmsProp implements Optimizer {
  private final float decay;
  private final float momentum;
  private final double epsilon;
  private final boolean corrected;

  public RmsProp(double decay, double momentum, double epsilon, boolean corrected) {
    this.decay = (float) decay;
    this.momentum = (float) momentum;
    this.epsilon = epsilon;
    this.corrected = corrected;
  }

  @Override
  public int stateSize() {
    return 2;
  }

  @Override
  public void updateInPlace(
      float[] parameters, float[] gradient, float[][] state, ElementRange range) {
    Velocity scale = Velocity.of(corrected, range.learningRate());
    float[] squares = state[0];
    float[] velocity = state[1];
    int shift = range.sliceOffset();
    for (int i = range.from(); i < range.to(); i++) {
      float g = gradient[i - shift];
      float square = decay * squares[i - shift] + (1 - decay) * (g * g);
      squares[i - shift] = square;
      float root = (float) Math.sqrt(square + epsilon);
      // 0 / 0 where epsilon is 0 and no gradient has been seen.
      float direction = root == 0 ? 0 : g / root;
      float moved = momentum * velocity[i - shift] + scale.inside() * direction;
      velocity[i - shift] = moved;
      parameters[i] -= scale.outside() * moved;
    }
  }
}
