// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.optimizer;

/**
 * Adam (Kingma and Ba 2015, Algorithm 1); with decoupled weight decay ({@link WeightDecay}) it is
 * AdamW (Loshchilov and Hutter 2019, Algorithm 2).
 *
 * <pre>
 * m  = beta1 * m + (1 - beta1) * g          v = beta2 * v + (1 - beta2) * g^2
 * w -= lr * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
 * </pre>
 */
public final class Adam implements Optimizer {
  private final Moments moments;

  Adam(Moments moments) {
    this.moments = moments;
  }

  @Override
  public int stateSize() {
    return 2;
  }

  @Override
  public void updateInPlace(
      float[] parameters, float[] gradient, float[][] state, ElementRange range) {
    float beta1 = (float) moments.beta1();
    float beta2 = (float) moments.beta2();
    float epsilon = (float) moments.epsilon();
    float rate = (float) (range.learningRate() / moments.firstCorrection(range.step()));
    float rooted = (float) (1 / Math.sqrt(moments.secondCorrection(range.step())));
    float[] means = state[0];
    float[] squares = state[1];
    int shift = range.sliceOffset();
    for (int i = range.from(); i < range.to(); i++) {
      float g = gradient[i - shift];
      float mean = beta1 * means[i - shift] + (1 - beta1) * g;
      float square = beta2 * squares[i - shift] + (1 - beta2) * (g * g);
      means[i - shift] = mean;
      squares[i - shift] = square;
      float root = (float) Math.sqrt(square) * rooted + epsilon;
      // 0 / 0 where epsilon is 0 and no gradient has been seen.
      parameters[i] -= root == 0 ? 0 : rate * mean / root;
    }
  }
}
