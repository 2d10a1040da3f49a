// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.planes;

import java.util.Arrays;

/**
 * One normalised picture inside a batch.
 *
 * @param values of the batch; this picture's channels x height x width, row-major, begin at {@code
 *     offset}; not copied
 */
public record ChannelPlanes(float[] values, int offset, int channels, int height, int width) {
  /** The first index of a row. */
  int at(int channel, int row) {
    return offset + (channel * height + row) * width;
  }

  /** Sets a rectangle, cut off at the borders, in every channel. */
  void fillInPlace(int top, int left, int bottom, int right, float[] ofChannel) {
    int from = Math.max(0, left);
    int to = Math.min(width, right);
    for (int channel = 0; channel < channels; channel++) {
      for (int row = Math.max(0, top); row < Math.min(height, bottom); row++) {
        int start = at(channel, row);
        Arrays.fill(values, start + from, start + to, ofChannel[channel]);
      }
    }
  }
}
