// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.order;

import java.util.List;
import org.bellows.data.random.SampleRandom;

/**
 * Consecutive samples of one lane that are shuffled among themselves.
 *
 * @param firstPosition of the window's first sample, in the lane's epoch unless moved {@link
 *     #later}
 * @param ranges the window's rows before they are shuffled, one range after the other
 * @param seed of the shuffle
 */
public record ShuffleWindow(long firstPosition, List<BlockRange> ranges, long seed) {
  public ShuffleWindow {
    ranges = List.copyOf(ranges);
  }

  /** The same samples, counted from earlier on. */
  public ShuffleWindow later(long positions) {
    return new ShuffleWindow(firstPosition + positions, ranges, seed);
  }

  public int samples() {
    return ranges.stream().mapToInt(BlockRange::samples).sum();
  }

  /** Entry i is the row (over all ranges) at position {@code firstPosition + i}. */
  public int[] permutation() {
    return new SampleRandom(seed).permutation(samples());
  }
}
