// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.bellows.worker.collective.BufferRegion;
import org.bellows.worker.collective.Communicator;

/**
 * What each rank says of itself, which is sent with an exchange of other data: whether a condition
 * holds for it, and whether it has been told to leave the run.
 */
final class Vote implements Communicator {
  private static final int YES = 1;
  private static final int LEAVES = 2;

  private final Communicator communicator;

  /** By rank: the sum of what holds; NaN before it has been exchanged. */
  private final float[] said;

  Vote(Communicator communicator, boolean mine, boolean leaves) {
    this.communicator = communicator;
    this.said = new float[communicator.size()];
    Arrays.fill(said, Float.NaN);
    said[communicator.rank()] = (mine ? YES : 0) + (leaves ? LEAVES : 0);
  }

  /** Whether all said yes; the same answer everywhere, after one exchange. */
  boolean all() {
    for (float one : said) {
      if (((int) one & YES) == 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether a rank leaves; the same answer everywhere, after one exchange. */
  boolean isLeft() {
    for (float one : said) {
      if (((int) one & LEAVES) != 0) {
        return true;
      }
    }
    return false;
  }

  @Override
  public int rank() {
    return communicator.rank();
  }

  @Override
  public int size() {
    return communicator.size();
  }

  @Override
  public void exchange(
      String what,
      IntFunction<List<BufferRegion>> outgoing,
      IntFunction<List<BufferRegion>> incoming) {
    communicator.exchange(
        what,
        other -> behind(outgoing.apply(other), rank()),
        other -> behind(incoming.apply(other), other));
  }

  private List<BufferRegion> behind(List<BufferRegion> regions, int rank) {
    List<BufferRegion> all = new ArrayList<>(regions);
    all.add(new BufferRegion(said, rank, 1));
    return all;
  }

  /** The wrapped exchange is closed by its owner. */
  @Override
  public void close() {}
}
