// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine;

import java.util.function.BooleanSupplier;
import org.bellows.worker.parallel.VectorParts;

/**
 * Lanes' gradients, each followed by its loss, computed and added up in the engine's memory. The
 * caller adds in the order of the lane tree. Each element of the sum of two gradients is their sum
 * in float, rounded once, so that the bits do not depend on the placement of a lane. Not
 * thread-safe.
 */
public interface GradientSums {

  /** The gradient of one lane, or of several added up. Belongs to its creator. */
  interface Sum {}

  /**
   * Computes a lane's gradient, as {@link StepEngine#gradient} does.
   *
   * @return the gradient followed by the loss, rounded to float; pass it to {@link #add} or {@link
   *     #take}
   */
  Sum ofLane(float[] pixels, float[] targets, long seed);

  /**
   * Tells of the pictures of the lane that is to be computed next here. An engine with memory of
   * its own may take them there while it still computes; if another lane comes, they are dropped.
   *
   * @param pixels that {@link #ofLane} will get, the same array, unchanged
   */
  default void expect(float[] pixels) {}

  /** Hears how much of a lane's gradient is final, while it is being computed. */
  @FunctionalInterface
  interface VectorProgress {
    /**
     * As {@link GradientProgress#isFinal}; the loss is final, too.
     *
     * @param gradient the same at each call
     */
    void isFinal(StepVector gradient, int from);
  }

  /** Whether lanes' gradients are told of before the end of a pass. */
  default boolean tellsProgress() {
    return false;
  }

  /**
   * As {@link #ofLane(float[], float[], long)} and {@link #take}, and says on the way how much of
   * the gradient is final.
   *
   * @return what {@code progress} has heard of; the caller's, to be given back with {@link
   *     #recycle}
   */
  default StepVector ofLane(float[] pixels, float[] targets, long seed, VectorProgress progress) {
    StepVector gradient = take(ofLane(pixels, targets, seed));
    progress.isFinal(gradient, 0);
    return gradient;
  }

  /**
   * Adds one to another. They may be of engines beside one another ({@link StepEngine#beside}).
   *
   * @param parts how elements are divided, if they are added in Java's memory
   * @return left + right, element by element; neither of them may be used any more
   */
  Sum add(Sum left, Sum right, VectorParts parts);

  /**
   * Whether every element times {@code factor} is a number that is not infinite, the loss's too.
   *
   * @param parts how elements are divided, if they are in Java's memory
   */
  boolean isFinite(Sum sum, float factor, VectorParts parts);

  /**
   * Asks the same, and does not wait where the engine computes beside its caller.
   *
   * @param sum may be added up, or taken, before the answer is asked for
   * @return tells the answer, once; the engine must not have been closed
   */
  default BooleanSupplier askFinite(Sum sum, float factor, VectorParts parts) {
    boolean answer = isFinite(sum, factor, parts);
    return () -> answer;
  }

  /**
   * Brings a sum into Java's memory.
   *
   * @param sum may not be used any more
   * @return the caller's; give it back with {@link #recycle}
   */
  StepVector take(Sum sum);

  /** Takes back a vector that {@link #take} gave, for later sums. */
  void recycle(StepVector vector);
}
