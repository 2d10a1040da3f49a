// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.util.List;
import org.bellows.worker.collective.BufferRegion;
import org.bellows.worker.collective.Communicator;

/**
 * Recursive halving and doubling (Thakur, Rabenseifner, Gropp 2005, section 3.4) over neighbours
 * first: then sums are added in the order of the lane tree, of a power of two of ranks with a lane
 * each. In round l a rank swaps half of what it has with the rank whose number differs in bit l.
 */
final class TreeHalving {
  private final Communicator communicator;
  private final float[] vector;
  private final float[] arriving;

  /**
   * @param vector the lane's numbers; overwritten by the sum over all lanes
   */
  TreeHalving(Communicator communicator, float[] vector) {
    this.communicator = communicator;
    this.vector = vector;
    this.arriving = new float[vector.length / 2 + 1];
  }

  static boolean isPossible(int ranks) {
    return Integer.bitCount(ranks) == 1;
  }

  /** All ranks call it. */
  void allReduce() {
    halve(0, 0, vector.length);
  }

  /** The ranks that agree with this one from bit {@code round} on have added up [from, to). */
  private void halve(int round, int from, int to) {
    int bit = 1 << round;
    if (bit == communicator.size()) {
      return;
    }
    int rank = communicator.rank();
    int middle = from + (to - from) / 2;
    boolean isLeft = (rank & bit) == 0;
    BufferRegion lower = new BufferRegion(vector, from, middle - from);
    BufferRegion upper = new BufferRegion(vector, middle, to - middle);
    BufferRegion mine = isLeft ? lower : upper;
    BufferRegion other = isLeft ? upper : lower;
    swap(rank ^ bit, other, new BufferRegion(arriving, 0, mine.length()));
    for (int i = 0; i < mine.length(); i++) {
      vector[mine.from() + i] += arriving[i];
    }
    halve(round + 1, mine.from(), mine.from() + mine.length());
    swap(rank ^ bit, mine, other);
  }

  private void swap(int partner, BufferRegion outgoing, BufferRegion incoming) {
    communicator.exchange(
        "halving",
        other -> other == partner,
        other -> List.of(outgoing),
        other -> List.of(incoming));
  }
}
