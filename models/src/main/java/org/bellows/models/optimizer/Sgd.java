// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.optimizer;

/** Plain stochastic gradient descent: w -= lr * g. */
public final class Sgd implements Optimizer {

  @Override
  public int stateSize() {
    return 0;
  }

  @Override
  public void updateInPlace(
      float[] parameters, float[] gradient, float[][] state, ElementRange range) {
    float rate = (float) range.learningRate();
    int shift = range.sliceOffset();
    for (int i = range.from(); i < range.to(); i++) {
      parameters[i] -= rate * gradient[i - shift];
    }
  }
}
