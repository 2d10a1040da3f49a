// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.bellows.worker.engine.masks.DropMasks;
import org.bellows.worker.engine.torch.pass.Pass;
import org.bytedeco.pytorch.Tensor;

/**
 * Dropout of elements, or stochastic depth, which drops samples: in training times a mask, in
 * inference nothing.
 */
public final class DropNode extends Node {
  private final double kept;
  private final boolean isOfSamples;
  private Tensor mask;

  private DropNode(String name, Node input, double kept, boolean isOfSamples) {
    super(name, input.shape(), List.of(input));
    this.kept = kept;
    this.isOfSamples = isOfSamples;
  }

  /**
   * @param kept probability that an element is kept
   */
  public static DropNode ofElements(String name, Node input, double kept) {
    return new DropNode(name, input, kept, false);
  }

  /**
   * @param survival probability that a sample is kept
   */
  public static DropNode ofSamples(String name, Node input, double survival) {
    return new DropNode(name, input, survival, true);
  }

  @Override
  public long extraBytes(int map) {
    return isOfSamples ? Float.BYTES : floatBytes();
  }

  /** Products with the mask, which are float32. */
  @Override
  public long workBytes(int map) {
    return map == Float.BYTES ? 0 : floatBytes();
  }

  @Override
  Tensor compute(Pass pass) {
    Tensor source = input().output();
    if (!pass.isTraining()) {
      return source;
    }
    mask = save(pass, mask(pass));
    return pass.asMap(source.mul(mask));
  }

  private Tensor mask(Pass pass) {
    long seed = DropMasks.seed(pass.training().seed(), name());
    if (isOfSamples) {
      float[] factors = new float[pass.samples()];
      DropMasks.ofSamples(FloatBuffer.wrap(factors), kept, seed);
      long[] each = new long[shape(pass).length];
      Arrays.fill(each, 1);
      each[0] = pass.samples();
      return pass.device().of(factors, each);
    }
    float[] factors = new float[Math.toIntExact(pass.samples() * shape().elements())];
    DropMasks.ofElements(FloatBuffer.wrap(factors), kept, seed);
    return pass.device().of(factors, shape(pass));
  }

  @Override
  void propagate(Pass pass, Tensor slope) {
    give(input(), slope.mul(mask));
  }
}
