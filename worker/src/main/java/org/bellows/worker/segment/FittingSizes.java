// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.segment;

import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.AllowedSides;
import org.bellows.models.network.OutputStride;

/**
 * The sizes that a network is shown whole pictures at: its own, and those whose sides are multiples
 * of its stride and of 32 pixels, so that not each picture needs a plan of its own.
 *
 * @param input the network's own size
 * @param multiple of which sides are
 */
record FittingSizes(InputShape input, AllowedSides sides, int multiple) {
  private static final int BUCKET = 32;

  static FittingSizes of(NetworkGraph network, AllowedSides sides) {
    int stride = OutputStride.of(network);
    return new FittingSizes(network.inputShape(), sides, stride * ((BUCKET + stride - 1) / stride));
  }

  /** The smallest that is neither lower nor narrower. */
  InputShape atLeast(int height, int width) {
    return height == input.height() && width == input.width()
        ? input
        : new InputShape(input.channels(), atLeast(height), atLeast(width));
  }

  private int atLeast(int side) {
    return sides.atLeast((side + multiple - 1) / multiple * multiple);
  }
}
