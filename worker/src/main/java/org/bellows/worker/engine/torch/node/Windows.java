// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import org.bellows.models.layer.LayerShape;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Parts of maps [n, channels, height, width], and maps around them. */
final class Windows {
  private static final int CHANNELS = 1;

  private Windows() {}

  /** Pixels beyond a map's sides; below 0 pixels of the map are cut off instead. */
  record Margins(long top, long bottom, long left, long right) {

    boolean areNone() {
      return top == 0 && bottom == 0 && left == 0 && right == 0;
    }

    Margins opposite() {
      return new Margins(-top, -bottom, -left, -right);
    }

    /** Of a part that begins at a row and a column of a map, as seen from the map. */
    static Margins ofPart(
        LayerShape.FeatureMap map, int top, int left, LayerShape.FeatureMap part) {
      return new Margins(
          -top, top + part.height() - map.height(), -left, left + part.width() - map.width());
    }
  }

  /** With the value in what is added. */
  static Tensor pad(Tensor map, Margins margins, double value) {
    long[] sides = {margins.left(), margins.right(), margins.top(), margins.bottom()};
    return torch.constant_pad_nd(map, sides, new Scalar(value));
  }

  static Tensor channels(Tensor map, long first, long count) {
    return map.narrow(CHANNELS, first, count);
  }

  /** Zeros before and after the channels. */
  static Tensor padChannels(Tensor map, long before, long after) {
    return torch.constant_pad_nd(map, new long[] {0, 0, 0, 0, before, after}, new Scalar(0));
  }
}
