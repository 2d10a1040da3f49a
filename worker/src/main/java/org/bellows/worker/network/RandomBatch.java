// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.network;

import java.util.Arrays;
import org.bellows.data.batch.ClassTargets;
import org.bellows.data.random.SampleRandom;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.LayerShape;

/**
 * Noise with labels, for measurements: always the same.
 *
 * @param pixels [samples, channels, height, width], uniform in [-1, 1)
 * @param targets as the network's loss takes them: [samples, classes], one-hot, or of each pixel
 *     [samples, 2, height, width]
 */
public record RandomBatch(float[] pixels, float[] targets) {
  private static final long SEED = 1;

  /** For a network. */
  public static RandomBatch of(NetworkGraph network, int classes, int samples) {
    SampleRandom random = new SampleRandom(SEED);
    float[] pixels = new float[samples * network.inputShape().elements()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextDouble(-1, 1);
    }
    if (network.pixelHead().isPresent()) {
      LayerShape.FeatureMap map = network.shape(network.answer()).asMap();
      return new RandomBatch(
          pixels, pixelLabels(random, map.height() * map.width(), classes, samples));
    }
    int[] labels = new int[samples];
    Arrays.setAll(labels, i -> random.nextInt(classes));
    return new RandomBatch(pixels, ClassTargets.oneHot(labels, classes));
  }

  /** Each pixel counts the same, all of a picture together 1. */
  private static float[] pixelLabels(SampleRandom random, int pixels, int classes, int samples) {
    float[] targets = new float[samples * 2 * pixels];
    for (int picture = 0; picture < targets.length; picture += 2 * pixels) {
      for (int i = 0; i < pixels; i++) {
        targets[picture + i] = random.nextInt(classes);
        targets[picture + pixels + i] = 1f / pixels;
      }
    }
    return targets;
  }
}
