// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.deeplab;

import org.bellows.models.graph.Heads;
import org.bellows.models.graph.NetworkBuilder;
import org.bellows.models.layer.Kernel;
import org.bellows.models.vgg.Vgg;

/**
 * VGG16's convolutions at an eighth of the image's sides (Chen et al. 2015, section 3.1): pools 3x3
 * padded by 1, the last two without stride, conv5 dilated by 2.
 */
final class DilatedVgg {
  private static final int DEPTH = 16;
  private static final int STRIDED_POOLS = 3;
  private static final Kernel FILTER = Kernel.same(3);

  private DilatedVgg() {}

  /** Adds conv1-1 to pool5. */
  static String pool5(NetworkBuilder builder) {
    int[] convolutions = Vgg.convolutions(DEPTH);
    String last = Heads.INPUT;
    for (int stage = 1; stage <= convolutions.length; stage++) {
      Kernel kernel = stage == convolutions.length ? dilated(3, 2) : FILTER;
      for (int i = 1; i <= convolutions[stage - 1]; i++) {
        String name = "conv%d-%d".formatted(stage, i);
        last = builder.convolution(name, last, kernel, Vgg.stageChannels().get(stage - 1));
      }
      Kernel pool = FILTER.stride(stage <= STRIDED_POOLS ? 2 : 1);
      last = builder.maxPool("pool" + stage, last, pool);
    }
    return last;
  }

  /** A square kernel with a rate, padded so that the map keeps its size. */
  static Kernel dilated(int side, int rate) {
    return Kernel.of(side).padding(rate * (side - 1) / 2).dilation(rate);
  }
}
