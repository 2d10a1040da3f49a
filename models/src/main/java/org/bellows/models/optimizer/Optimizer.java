// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.optimizer;

/**
 * Moves parameters by a gradient. Works on any stretch of the flat vector: state and update of an
 * element depend on that element alone, which is what lets each rank update only the slice it owns.
 * Changes of the gradient that need whole arrays (norms) or the kind of a parameter (decay) are
 * made before: {@link GradientClip}, {@link WeightDecay}.
 */
public interface Optimizer {

  /** State arrays an element has, for example 1 for momentum. All begin at 0. */
  int stateSize();

  /**
   * Whether {@link #updateInPlace} leaves the parameters and puts the direction of the update in
   * place of the gradient, because its length depends on norms of whole arrays ({@link Lamb}).
   */
  default boolean givesDirection() {
    return false;
  }

  /**
   * Updates parameters[from..to) and the same elements of every state array.
   *
   * @param parameters flat vector; overwritten
   * @param gradient mean gradient of the global batch, decay included, [slice length]: element i
   *     belongs to parameters[sliceOffset + i]
   * @param state [stateSize()][slice length], placed as the gradient
   */
  void updateInPlace(float[] parameters, float[] gradient, float[][] state, ElementRange range);

  /**
   * A stretch of equal treatment.
   *
   * @param from first index in the flat vector
   * @param to one past the last
   * @param sliceOffset index in the flat vector of element 0 of gradient and state
   * @param learningRate of this step
   * @param step updates done before this one, from 0
   */
  record ElementRange(int from, int to, int sliceOffset, double learningRate, long step) {}
}
