package org.bellows.models.optimizer;

/** Plain stochastic gradient descent: w -= lr * g. */
public final class Sgd implements Optimizer {

  @Override
  public int stateSize() {
    return 0;
  }

  @Override
  public void updateInPlace(
      float[] parameters, float[] gradient, float[][] state, Stretch stretch) {
    float rate = (float) stretch.learningRate();
    int shift = stretch.sliceOffset();
    for (int i = stretch.from(); i < stretch.to(); i++) {
      parameters[i] -= rate * gradient[i - shift];
    }
  }
}
