package org.bellows.models.optimizer;

/**
 * Nesterov's momentum in the form of Sutskever et al. 2013 as deep learning frameworks write it:
 *
 * <pre>
 * g' = g + decay * w        decay: L2, biases and BatchNorm spared
 * v  = momentum * v + g'
 * w -= lr * (g' + momentum * v)
 * </pre>
 *
 * <p>The rate stands outside v, so a change of the rate needs no momentum correction (Goyal et al.
 * 2017, section 3, remark 2).
 */
public final class Nesterov implements Optimizer {
  private final float momentum;

  public Nesterov(double momentum) {
    this.momentum = (float) momentum;
  }

  @Override
  public int stateSize() {
    return 1;
  }

  @Override
  public void updateInPlace(
      float[] parameters, float[] gradient, float[][] state, Stretch stretch) {
    float rate = stretch.learningRate();
    float decay = stretch.weightDecay();
    float[] velocity = state[0];
    int shift = stretch.sliceOffset();
    for (int i = stretch.from(); i < stretch.to(); i++) {
      float pulled = gradient[i - shift] + decay * parameters[i];
      float moved = momentum * velocity[i - shift] + pulled;
      velocity[i - shift] = moved;
      parameters[i] -= rate * (pulled + momentum * moved);
    }
  }
}
