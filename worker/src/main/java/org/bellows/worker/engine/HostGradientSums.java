// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.bellows.worker.parallel.VectorParts;

/**
 * Sums in Java's memory, of any engine. Vectors that are not needed any more are reused, also by
 * engines beside this one.
 */
public final class HostGradientSums implements GradientSums {
  private final StepEngine engine;
  private final Deque<StepVector> spare;

  /** In Java's memory already. */
  private record Held(StepVector vector) implements Sum {}

  /**
   * @param engine that computes the gradients; the caller's to close
   */
  public HostGradientSums(StepEngine engine) {
    this(engine, new ConcurrentLinkedDeque<>());
  }

  private HostGradientSums(StepEngine engine, Deque<StepVector> spare) {
    this.engine = engine;
    this.spare = spare;
  }

  /**
   * The sums of an engine beside this one's.
   *
   * @param other the caller's to close
   */
  public HostGradientSums beside(StepEngine other) {
    return new HostGradientSums(other, spare);
  }

  @Override
  public Sum ofLane(float[] pixels, float[] targets, long seed) {
    StepVector vector = vector();
    vector.setLoss((float) engine.gradient(pixels, targets, seed, vector.floats()));
    return new Held(vector);
  }

  private StepVector vector() {
    StepVector reused = spare.poll();
    return reused == null ? new StepVector(engine.layout().length()) : reused;
  }

  @Override
  public boolean tellsProgress() {
    return engine.tellsWhatIsFinal();
  }

  @Override
  public StepVector ofLane(float[] pixels, float[] targets, long seed, VectorProgress progress) {
    StepVector vector = vector();
    engine.gradient(
        pixels,
        targets,
        seed,
        vector.floats(),
        (from, loss) -> {
          vector.setLoss((float) loss);
          progress.isFinal(vector, from);
        });
    return vector;
  }

  @Override
  public Sum add(Sum left, Sum right, VectorParts parts) {
    vector(left).addInPlace(vector(right), parts);
    spare.push(vector(right));
    return left;
  }

  @Override
  public boolean isFinite(Sum sum, float factor, VectorParts parts) {
    return vector(sum).isFinite(factor, parts);
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
