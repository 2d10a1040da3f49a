// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.masks;

import java.nio.FloatBuffer;
import org.bellows.data.random.SampleRandom;
import org.bellows.data.random.SplittableSeeds;

/** Factors 1 / p, with probability p, or 0. */
public final class DropMasks {
  private static final double UNIT = 0x1p-31;

  private DropMasks() {}

  /**
   * A vertex's seed in a pass.
   *
   * @param pass seed of the pass
   */
  public static long seed(long pass, String vertex) {
    return SplittableSeeds.derive(pass, vertex);
  }

  /**
   * Dropout: a factor for each element, in the order of [n, channels, height, width]. Two draws
   * from each random number.
   *
   * @param elements filled with 1 / p or 0
   * @param kept p, in (0, 1]
   */
  public static void ofElements(FloatBuffer elements, double kept, long seed) {
    SampleRandom random = new SampleRandom(seed);
    float scale = (float) (1 / kept);
    long threshold = (long) (kept / UNIT);
    int count = elements.capacity();
    for (int i = 0; i < count; i += 2) {
      long bits = random.nextLong();
      elements.put(i, bits >>> 33 < threshold ? scale : 0);
      if (i + 1 < count) {
        elements.put(i + 1, (bits & 0x7fffffffL) < threshold ? scale : 0);
      }
    }
  }

  /**
   * Stochastic depth: a factor for each sample.
   *
   * @param samples filled with 1 / p or 0
   * @param survival p, in (0, 1]
   */
  public static void ofSamples(FloatBuffer samples, double survival, long seed) {
    SampleRandom random = new SampleRandom(seed);
    for (int i = 0; i < samples.capacity(); i++) {
      samples.put(i, random.nextDouble() < survival ? (float) (1 / survival) : 0);
    }
  }
}
