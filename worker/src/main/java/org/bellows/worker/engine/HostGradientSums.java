// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine;

import java.util.ArrayDeque;
import java.util.Deque;

/** Sums in Java's memory, of any engine. Vectors that are not needed any more are reused. */
public final class HostGradientSums implements GradientSums {
  private final StepEngine engine;
  private final Deque<StepVector> spare = new ArrayDeque<>();

  /** In Java's memory already. */
  private record Held(StepVector vector) implements Sum {}

  /**
   * @param engine that computes the gradients; the caller's to close
   */
  public HostGradientSums(StepEngine engine) {
    this.engine = engine;
  }

  @Override
  public Sum ofLane(float[] pixels, float[] targets, long seed) {
    StepVector vector = spare.isEmpty() ? new StepVector(engine.layout().length()) : spare.pop();
    vector.setLoss((float) engine.gradient(pixels, targets, seed, vector.floats()));
    return new Held(vector);
  }

  @Override
  public Sum add(Sum left, Sum right) {
    vector(left).addInPlace(vector(right));
    spare.push(vector(right));
    return left;
  }

  @Override
  public boolean isFinite(Sum sum, float factor) {
    return vector(sum).isFinite(factor);
  }

  @Override
  public StepVector take(Sum sum) {
    return vector(sum);
  }

  @Override
  public void recycle(StepVector vector) {
    spare.push(vector);
  }

  private static StepVector vector(Sum sum) {
    return ((Held) sum).vector();
  }
}
