// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import java.util.Arrays;
import java.util.List;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;

/**
 * Cuts each bucket of a vector into a slice for each rank, of whole blocks, as evenly as these
 * allow: of each bucket, and of all together, no rank owns more than one block more than another.
 *
 * <p>Blocks that are left when each rank has as many as the others go to one rank each: to those
 * whose turn it is, from bucket to bucket. Turns are far from each other in the order of the ranks,
 * because neighbours share a host, and a host's link.
 */
final class EvenSlices {
  private static final double GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

  /** By bucket, where the slices of the ranks begin, and the bucket's end. */
  private final int[][] starts;

  /**
   * @param buckets one after the other; each but the last of whole blocks
   * @param block length of a block
   */
  EvenSlices(List<IndexRange> buckets, int ranks, int block) {
    int[] turns = turns(ranks);
    starts = new int[buckets.size()][];
    int turn = 0;
    for (int bucket = 0; bucket < starts.length; bucket++) {
      IndexRange range = buckets.get(bucket);
      int blocks = (int) (((long) range.length() + block - 1) / block);
      int[] owned = new int[ranks];
      Arrays.fill(owned, blocks / ranks);
      for (int left = blocks % ranks; left > 0; left--) {
        owned[turns[turn]]++;
        turn = (turn + 1) % ranks;
      }
      starts[bucket] = starts(range, owned, block);
    }
  }

  private static int[] starts(IndexRange bucket, int[] owned, int block) {
    int[] starts = new int[owned.length + 1];
    starts[0] = bucket.from();
    for (int rank = 0; rank < owned.length; rank++) {
      long end = starts[rank] + (long) owned[rank] * block;
      starts[rank + 1] = (int) Math.min(bucket.to(), end);
    }
    return starts;
  }

  /** The ranks in the order of their turns, which is a walk of equal strides that meets each. */
  private static int[] turns(int ranks) {
    int stride = (int) Math.max(1, Math.round(ranks * GOLDEN_RATIO));
    while (commonDivisor(stride, ranks) > 1) {
      stride++;
    }
    int[] turns = new int[ranks];
    for (int i = 1; i < ranks; i++) {
      turns[i] = (turns[i - 1] + stride) % ranks;
    }
    return turns;
  }

  private static int commonDivisor(int a, int b) {
    return b == 0 ? a : commonDivisor(b, a % b);
  }

  /** May be empty. */
  IndexRange slice(int rank, int bucket) {
    return new IndexRange(starts[bucket][rank], starts[bucket][rank + 1]);
  }
}
