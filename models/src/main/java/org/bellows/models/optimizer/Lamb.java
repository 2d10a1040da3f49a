// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.optimizer;

/**
 * LAMB (You et al. 2020, "Large Batch Optimization for Deep Learning", Algorithm 2).
 *
 * <pre>
 * paper      here
 * m_t, v_t   mean, square ({@link Moments}), their bias corrected
 * r_t        direction = mean / (sqrt(square) + epsilon)
 * x_t+1      w -= lr * (|w| / |direction + decay * w|) * (direction + decay * w)
 * </pre>
 *
 * <p>The norms are those of whole arrays, so the update has two parts: {@link #updateInPlace} gives
 * the direction and moves nothing; weight decay is added to it; then every array moves, scaled by
 * its {@link #trustRatio}. phi, which the paper leaves open, is the identity. Deviation, as other
 * implementations have it: biases and BatchNorm, which decay spares, are not scaled.
 */
public final class Lamb implements Optimizer {
  private final Moments moments;

  Lamb(Moments moments) {
    this.moments = moments;
  }

  @Override
  public int stateSize() {
    return 2;
  }

  @Override
  public boolean givesDirection() {
    return true;
  }

  /**
   * Factor of an array's direction.
   *
   * @param weightNorm Euclidean norm of one weight array before the update
   * @param directionNorm of its direction, decay included
   * @return 1 where one of them is 0, as the array could otherwise never move
   */
  public static double trustRatio(double weightNorm, double directionNorm) {
    return weightNorm == 0 || directionNorm == 0 ? 1 : weightNorm / directionNorm;
  }

  @Override
  public void updateInPlace(
      float[] parameters, float[] gradient, float[][] state, ElementRange range) {
    float beta1 = (float) moments.beta1();
    float beta2 = (float) moments.beta2();
    float epsilon = (float) moments.epsilon();
    float scale = (float) (1 / moments.firstCorrection(range.step()));
    float rooted = (float) (1 / Math.sqrt(moments.secondCorrection(range.step())));
    float[] means = state[0];
    float[] squares = state[1];
    int shift = range.sliceOffset();
    for (int i = range.from() - shift; i < range.to() - shift; i++) {
      float g = gradient[i];
      float mean = beta1 * means[i] + (1 - beta1) * g;
      float square = beta2 * squares[i] + (1 - beta2) * (g * g);
      means[i] = mean;
      squares[i] = square;
      float root = (float) Math.sqrt(square) * rooted + epsilon;
      // 0 / 0 where epsilon is 0 and no gradient has been seen.
      gradient[i] = root == 0 ? 0 : scale * mean / root;
    }
  }
}
