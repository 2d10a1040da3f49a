// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import org.bellows.models.layer.Kernel;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.Pool;
import org.bytedeco.pytorch.Tensor;

/**
 * How a pool's windows lie on a map: with PyTorch's padding, which is the same on both sides and
 * half a window at most, or else on a map that is padded before.
 *
 * @param margins of the padded map; none: PyTorch pads
 */
record PoolWindow(Kernel kernel, long[] padding, Windows.Margins margins) {
  private static final long[] NONE = {0, 0};

  static PoolWindow of(Pool pool, LayerShape.FeatureMap from, LayerShape.FeatureMap to) {
    Kernel kernel = pool.window();
    boolean isTheirs =
        !pool.roundsUp()
            && 2 * kernel.padHeight() <= kernel.height()
            && 2 * kernel.padWidth() <= kernel.width();
    if (isTheirs) {
      long[] padding = {kernel.padHeight(), kernel.padWidth()};
      return new PoolWindow(kernel, padding, new Windows.Margins(0, 0, 0, 0));
    }
    int top = pool.top(from);
    int left = pool.left(from);
    int high = (to.height() - 1) * kernel.stride() + kernel.reachHeight();
    int wide = (to.width() - 1) * kernel.stride() + kernel.reachWidth();
    return new PoolWindow(
        kernel,
        NONE,
        new Windows.Margins(top, high - top - from.height(), left, wide - left - from.width()));
  }

  /** The map that windows are taken of. */
  Tensor padded(Tensor map, double value) {
    return margins.areNone() ? map : Windows.pad(map, margins, value);
  }

  /** Back to the map's size. */
  Tensor cut(Tensor padded) {
    return margins.areNone() ? padded : Windows.pad(padded, margins.opposite(), 0);
  }

  /** The shape of n padded maps. */
  long[] paddedShape(LayerShape.FeatureMap map, long n) {
    return new long[] {
      n,
      map.channels(),
      margins.top() + map.height() + margins.bottom(),
      margins.left() + map.width() + margins.right()
    };
  }

  long[] size() {
    return new long[] {kernel.height(), kernel.width()};
  }

  long[] stride() {
    return new long[] {kernel.stride(), kernel.stride()};
  }

  long[] dilation() {
    return new long[] {kernel.dilation(), kernel.dilation()};
  }
}
