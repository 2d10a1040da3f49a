// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine;

import java.util.concurrent.atomic.AtomicBoolean;
import org.bellows.worker.parallel.VectorParts;

/**
 * A float for each parameter of a network, in the order of its {@link
 * org.bellows.models.network.FlatLayout}, followed by one for the loss: parameters with the loss
 * that they were reached with, or a gradient with the loss of its samples. In one array, because
 * both are added up and sent together.
 */
public final class StepVector {
  private final float[] floats;

  /** Zeros. */
  public StepVector(int parameters) {
    this.floats = new float[length(parameters)];
  }

  /** Floats of a vector, the loss among them. */
  public static int length(int parameters) {
    return parameters + 1;
  }

  /** The memory of a vector. */
  public static long bytes(long parameters) {
    return Float.BYTES * (parameters + 1);
  }

  /** Without the loss. */
  public int parameters() {
    return floats.length - 1;
  }

  /** [parameters() + 1], the loss last; not copied. */
  public float[] floats() {
    return floats;
  }

  public float loss() {
    return floats[parameters()];
  }

  public void setLoss(float loss) {
    floats[parameters()] = loss;
  }

  /** Adds another of the same length, element by element, the loss too. */
  public void addInPlace(StepVector other, VectorParts parts) {
    parts.run(0, floats.length, (from, to) -> add(floats, other.floats, from, to));
  }

  private static void add(float[] sum, float[] more, int from, int to) {
    for (int i = from; i < to; i++) {
      sum[i] += more[i];
    }
  }

  /** Takes over the first parameters() floats; the loss stays. */
  public void setParameters(float[] source) {
    System.arraycopy(source, 0, floats, 0, parameters());
  }

  /** Whether {@link #isFinite(float, int, int, VectorParts)} is true of all, the loss too. */
  public boolean isFinite(float factor, VectorParts parts) {
    return isFinite(factor, 0, floats.length, parts);
  }

  /**
   * Whether each of the elements [start, end) times {@code factor} is a number that is not
   * infinite.
   */
  public boolean isFinite(float factor, int start, int end, VectorParts parts) {
    AtomicBoolean all = new AtomicBoolean(true);
    parts.run(
        start,
        end,
        (from, to) -> {
          if (!isFinite(factor, from, to)) {
            all.set(false);
          }
        });
    return all.get();
  }

  /**
   * Zero times a number is zero, times an infinity or NaN it is NaN. Four sums, so that no addition
   * waits for the one before it.
   */
  private boolean isFinite(float factor, int from, int to) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      a += floats[i] * factor * 0f;
      b += floats[i + 1] * factor * 0f;
      c += floats[i + 2] * factor * 0f;
      d += floats[i + 3] * factor * 0f;
    }
    for (; i < to; i++) {
      a += floats[i] * factor * 0f;
    }
    return a + b + c + d == 0;
  }
}
