// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.bellows.models.graph.InputShape;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.TinyDataset;
import org.bellows.worker.engine.StepVector;
import org.bellows.worker.parallel.VectorParts;
import org.junit.jupiter.api.Test;

/** No bit depends on how the copies of parameters and gradients are divided. */
class DividedCopiesTest {
  private static final int SAMPLES = 2;
  private static final int CLASSES = 4;
  private static final int PART = 1000;

  private final float[] pixels = TinyDataset.pixels(SAMPLES, 1);
  private final float[] targets = {1, 0, 0, 0, 0, 0, 1, 0};

  private static LaneNetwork network(long seed) {
    return new LaneNetwork(
        NetworkRegistry.standard().get("lenet5-tanh"),
        new InputShape(1, TinyDataset.SIDE, TinyDataset.SIDE),
        CLASSES,
        seed);
  }

  @Test
  void anyDivisionGivesTheSame() {
    try (LaneNetwork plain = network(7);
        LaneNetwork divided = network(8)) {
      int length = plain.layout().length();
      AtomicInteger parts = new AtomicInteger();
      divided.divideCopies(lastFirst(parts));
      int ofAll = (length + PART - 1) / PART;

      float[] parameters = new float[length];
      plain.readParameters(parameters);
      divided.writeParameters(parameters);
      assertThat(parts.getAndSet(0)).isEqualTo(ofAll);
      float[] written = new float[length];
      divided.readParameters(written);
      assertThat(parts.getAndSet(0)).isEqualTo(ofAll);
      assertThat(written).isEqualTo(parameters);

      float[] expected = plain.take(plain.ofLane(pixels, targets, 1)).floats();
      assertThat(divided.take(divided.ofLane(pixels, targets, 1)).floats()).isEqualTo(expected);
      assertThat(parts.getAndSet(0)).isEqualTo(ofAll);
      StepVector told = divided.ofLane(pixels, targets, 1, (gradient, from) -> {});
      assertThat(told.floats()).isEqualTo(expected);
      assertThat(parts.get()).isGreaterThan(ofAll);
    }
  }

  private static VectorParts lastFirst(AtomicInteger parts) {
    return (from, to, work) -> {
      int end = to;
      while (end > from) {
        int begin = Math.max(from, end - PART);
        work.run(begin, end);
        parts.incrementAndGet();
        end = begin;
      }
    };
  }
}
