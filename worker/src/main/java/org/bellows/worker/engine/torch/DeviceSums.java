// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.BooleanSupplier;
import org.bellows.worker.engine.GradientSums;
import org.bellows.worker.engine.StepVector;
import org.bellows.worker.parallel.VectorParts;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Lanes' gradients added up in the device's memory, with the bits of Java's additions. A sum comes
 * to Java's memory once, when all lanes are in it; until then the device may still compute what was
 * asked of it while the processor sends the next lane's pictures.
 */
final class DeviceSums implements GradientSums {
  private final TorchEngine engine;
  private final Deque<StepVector> spare;

  /** Gradient and loss in the device's memory. */
  private record Held(Tensor tensor) implements Sum {}

  DeviceSums(TorchEngine engine) {
    this(engine, new ConcurrentLinkedDeque<>());
  }

  private DeviceSums(TorchEngine engine, Deque<StepVector> spare) {
    this.engine = engine;
    this.spare = spare;
  }

  DeviceSums beside(TorchEngine other) {
    return new DeviceSums(other, spare);
  }

  @Override
  public Sum ofLane(float[] pixels, float[] targets, long seed) {
    return new Held(engine.laneGradient(pixels, targets, seed));
  }

  @Override
  public void expect(float[] pixels) {
    engine.expect(pixels);
  }

  @Override
  public Sum add(Sum left, Sum right, VectorParts parts) {
    return engine.guard(
        () -> {
          try (InferenceMode mode = new InferenceMode(true);
              PointerScope scope = new PointerScope()) {
            tensor(left).add_(tensor(right));
          }
          engine.vectors().reuse(tensor(right));
          return left;
        });
  }

  @Override
  public boolean isFinite(Sum sum, float factor, VectorParts parts) {
    return askFinite(sum, factor, parts).getAsBoolean();
  }

  /** The answer stays in the device's memory until it is asked for. */
  @Override
  public BooleanSupplier askFinite(Sum sum, float factor, VectorParts parts) {
    Tensor answer =
        engine.guard(
            () -> {
              try (InferenceMode mode = new InferenceMode(true);
                  PointerScope scope = new PointerScope()) {
                Tensor all = tensor(sum).mul(new Scalar(factor)).isfinite().all();
                all.retainReference();
                return all;
              }
            });
    return () ->
        engine.guard(
            () -> {
              try (answer) {
                return answer.item_bool();
              }
            });
  }

  @Override
  public StepVector take(Sum sum) {
    StepVector reused = spare.poll();
    StepVector vector = reused == null ? new StepVector(engine.layout().length()) : reused;
    return engine.guard(
        () -> {
          try (PointerScope scope = new PointerScope()) {
            engine.device().read(tensor(sum), vector.floats());
          }
          engine.vectors().reuse(tensor(sum));
          return vector;
        });
  }

  @Override
  public void recycle(StepVector vector) {
    spare.push(vector);
  }

  private static Tensor tensor(Sum sum) {
    return ((Held) sum).tensor();
  }
}
