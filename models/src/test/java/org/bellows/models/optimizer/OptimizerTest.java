// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bellows.conf.OptimizerSettings;
import org.bellows.conf.OptimizerSettings.OptimizerName;
import org.bellows.conf.load.SettingsLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OptimizerTest {
  private static final double BASE = 0.1;

  private static OptimizerSettings settings(String... assignments) {
    return new SettingsLoader().set(List.of(assignments)).load(List.of(), List.of()).optimizer();
  }

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
    WeightDecay pull = new WeightDecay(settings("optimizer.weight-decay=0.2"));
    Optimizer optimizer = new Nesterov(0.5, true);
    float[] gradients = {1, -1};
    float[] weights = {0.82f, 0.9154f};
    float[] velocities = {1.2f, -0.236f};
    for (int step = 0; step < 2; step++) {
      Optimizer.ElementRange range = new Optimizer.ElementRange(0, 1, 0, 0.1, step);
      float[] g = {gradients[step]};
      pull.applyInPlace(w, g, range);
      optimizer.updateInPlace(w, g, state, range);
      assertThat(w[0]).isCloseTo(weights[step], within(1e-6f));
      assertThat(state[0][0]).isCloseTo(velocities[step], within(1e-6f));
    }
  }

  /** w = 2, g = 0.5: l2 0.5 + 0.01 * 2; l1 0.5 + 0.03; decoupled w = 2 - 0.1 * 0.01 * 2. */
  @Test
  void eachPullPullsInItsOwnWay() {
    Optimizer.ElementRange second = new Optimizer.ElementRange(1, 2, 1, 0.1, 0);
    String decay = "optimizer.weight-decay=0.01";
    float[] w = {2, 2};
    float[] g = {0.5f};
    new WeightDecay(settings(decay)).applyInPlace(w, g, second);
    assertThat(g[0]).isCloseTo(0.52f, within(1e-6f));
    assertThat(w).containsExactly(2, 2);
    g[0] = 0.5f;
    w[1] = -2;
    new WeightDecay(settings("optimizer.weight-decay=0", "optimizer.weight-decay-l1=0.03"))
        .applyInPlace(w, g, second);
    assertThat(g[0]).isCloseTo(0.47f, within(1e-6f));
    g[0] = 0.5f;
    w[1] = 2;
    new WeightDecay(settings(decay, "optimizer.weight-decay-form=decoupled"))
        .applyInPlace(w, g, second);
    assertThat(g[0]).isEqualTo(0.5f);
    assertThat(w[1]).isCloseTo(1.998f, within(1e-6f));
    assertThat(w[0]).isEqualTo(2);
  }

  @Test
  void clippingCutsElementsThenScalesTheWhole() {
    GradientClip clip = new GradientClip(settings("optimizer.clip-value=2"));
    float[] g = {9, 3, -5, 0.5f};
    clip.cutInPlace(g, 1, 4);
    assertThat(g).containsExactly(9, 2, -2, 0.5f);
    assertThat(clip.needsNorm()).isFalse();
    assertThat(clip.factor(1000)).isEqualTo(1);
    GradientClip byNorm = new GradientClip(settings("optimizer.clip-norm=2"));
    byNorm.cutInPlace(g, 0, 4);
    assertThat(g[0]).isEqualTo(9);
    assertThat(byNorm.needsNorm()).isTrue();
    assertThat(byNorm.factor(8)).isEqualTo(0.25);
    assertThat(byNorm.factor(1.5)).isEqualTo(1);
  }

  /** 0.001 * 4 / (2 + 0.5 * 4) = 0.001; where a norm is 0 there is nothing to compare with. */
  @Test
  void theLayerwiseRateIsTheQuotientOfTheNorms() {
    LarsTrustRatio lars =
        new LarsTrustRatio(settings("optimizer.name=lars", "optimizer.weight-decay=0.5"));
    assertThat(lars.needsNorms()).isTrue();
    assertThat(lars.factor(4, 2)).isCloseTo(0.001, within(1e-15));
    assertThat(lars.factor(0, 2)).isEqualTo(1);
    assertThat(lars.factor(4, 0)).isEqualTo(1);
    LarsTrustRatio none = new LarsTrustRatio(settings());
    assertThat(none.needsNorms()).isFalse();
    assertThat(none.factor(4, 2)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(OptimizerName.class)
  void aGradientOfZeroMovesNothing(OptimizerName name) {
    String key = name.name().toLowerCase(java.util.Locale.ROOT);
    Optimizer optimizer =
        Optimizers.of(settings("optimizer.name=" + key, "optimizer.epsilon=0"), BASE);
    float[] w = {1, -1};
    float[][] state = new float[optimizer.stateSize()][2];
    for (int step = 0; step < 3; step++) {
      optimizer.updateInPlace(
          w, new float[2], state, new Optimizer.ElementRange(0, 2, 0, 0.1, step));
    }
    assertThat(w).containsExactly(1, -1);
  }

  /** An owner that holds [5, 8) of a vector of 8 must do what an owner of everything does. */
  @ParameterizedTest
  @EnumSource(OptimizerName.class)
  void anOwnedSliceIsUpdatedAsTheWholeVectorWouldBe(OptimizerName name) {
    String key = name.name().toLowerCase(java.util.Locale.ROOT);
    Optimizer optimizer = Optimizers.of(settings("optimizer.name=" + key), BASE);
    float[] whole = {1, 2, 3, 4, 5, 6, 7, 8};
    float[] sliced = whole.clone();
    float[] gradient = {8, 7, 6, 5, 4, 3, 2, 1};
    float[][] wholeState = new float[optimizer.stateSize()][8];
    float[][] sliceState = new float[optimizer.stateSize()][3];
    for (int step = 0; step < 3; step++) {
      optimizer.updateInPlace(
          whole, gradient.clone(), wholeState, new Optimizer.ElementRange(0, 8, 0, 0.1, step));
      optimizer.updateInPlace(
          sliced,
          new float[] {3, 2, 1},
          sliceState,
          new Optimizer.ElementRange(5, 8, 5, 0.1, step));
    }
    for (int i = 0; i < 5; i++) {
      assertThat(sliced[i]).isEqualTo(i + 1);
      assertThat(whole[i] != i + 1).isEqualTo(!optimizer.givesDirection());
    }
    for (int i = 5; i < 8; i++) {
      assertThat(sliced[i]).isEqualTo(whole[i]);
      for (int array = 0; array < optimizer.stateSize(); array++) {
        assertThat(sliceState[array][i - 5]).isEqualTo(wholeState[array][i]);
      }
    }
  }
}
