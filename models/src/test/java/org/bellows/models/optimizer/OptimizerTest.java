package org.bellows.models.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class OptimizerTest {

  /**
   * Two steps on paper: w = 1, momentum 0.5, lr 0.1, decay 0.2.
   *
   * <pre>
   * step 1, g = 1:    g' = 1 + 0.2 * 1 = 1.2      v = 1.2
   *                   w = 1 - 0.1 * (1.2 + 0.5 * 1.2) = 0.82
   * step 2, g = -1:   g' = -1 + 0.2 * 0.82 = -0.836   v = 0.5 * 1.2 - 0.836 = -0.236
   *                   w = 0.82 - 0.1 * (-0.836 + 0.5 * -0.236) = 0.9154
   * </pre>
   */
  @Test
  void nesterovWithDecayFollowsTheFormula() {
    float[] w = {1};
    float[][] state = {{0}};
    Optimizer optimizer = new Nesterov(0.5);
    Optimizer.Stretch stretch = new Optimizer.Stretch(0, 1, 0, 0.1f, 0.2f);
    optimizer.updateInPlace(w, new float[] {1}, state, stretch);
    assertThat(w[0]).isCloseTo(0.82f, within(1e-6f));
    assertThat(state[0][0]).isCloseTo(1.2f, within(1e-6f));
    optimizer.updateInPlace(w, new float[] {-1}, state, stretch);
    assertThat(w[0]).isCloseTo(0.9154f, within(1e-6f));
    assertThat(state[0][0]).isCloseTo(-0.236f, within(1e-6f));
  }

  /** w = 2, g = 0.5, lr 0.1: 2 - 0.05 = 1.95 spared; 2 - 0.1 * (0.5 + 0.01 * 2) = 1.948 decayed. */
  @Test
  void decayPullsOnlyTheStretchesThatAreNotSpared() {
    for (Optimizer optimizer : new Optimizer[] {new Sgd(), new Nesterov(0)}) {
      float[] w = {2, 2};
      float[] g = {0.5f, 0.5f};
      float[][] state = {{0, 0}};
      optimizer.updateInPlace(w, g, state, new Optimizer.Stretch(0, 1, 0, 0.1f, 0.01f));
      optimizer.updateInPlace(w, g, state, new Optimizer.Stretch(1, 2, 0, 0.1f, 0));
      assertThat(w[0]).isCloseTo(1.948f, within(1e-6f));
      assertThat(w[1]).isCloseTo(1.95f, within(1e-6f));
    }
  }

  /** An owner that holds [5, 8) of a vector of 8 must do what an owner of everything does. */
  @Test
  void anOwnedSliceIsUpdatedAsTheWholeVectorWouldBe() {
    float[] whole = {1, 2, 3, 4, 5, 6, 7, 8};
    float[] sliced = whole.clone();
    float[] gradient = {8, 7, 6, 5, 4, 3, 2, 1};
    float[][] wholeState = new float[1][8];
    float[][] sliceState = new float[1][3];
    Optimizer optimizer = new Nesterov(0.9);
    for (int step = 0; step < 3; step++) {
      optimizer.updateInPlace(
          whole, gradient, wholeState, new Optimizer.Stretch(0, 8, 0, 0.1f, 0.01f));
      optimizer.updateInPlace(
          sliced, new float[] {3, 2, 1}, sliceState, new Optimizer.Stretch(5, 8, 5, 0.1f, 0.01f));
    }
    for (int i = 0; i < 5; i++) {
      assertThat(sliced[i]).isEqualTo(i + 1);
    }
    for (int i = 5; i < 8; i++) {
      assertThat(sliced[i]).isEqualTo(whole[i]);
      assertThat(sliceState[0][i - 5]).isEqualTo(wholeState[0][i]);
    }
  }
}
