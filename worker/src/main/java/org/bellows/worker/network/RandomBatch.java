// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.network;

import java.util.Arrays;
import org.bellows.data.batch.ClassTargets;
import org.bellows.data.random.SampleRandom;
import org.bellows.models.graph.InputShape;

/**
 * Noise with labels, for measurements: always the same.
 *
 * @param pixels [samples, channels, height, width], uniform in [-1, 1)
 * @param targets [samples, classes], one-hot
 */
public record RandomBatch(float[] pixels, float[] targets) {
  private static final long SEED = 1;

  public static RandomBatch of(InputShape input, int classes, int samples) {
    SampleRandom random = new SampleRandom(SEED);
    float[] pixels = new float[samples * input.elements()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextDouble(-1, 1);
    }
    int[] labels = new int[samples];
    Arrays.setAll(labels, i -> random.nextInt(classes));
    return new RandomBatch(pixels, ClassTargets.oneHot(labels, classes));
  }
}
