// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.bellows.worker.collective.BufferRegion;
import org.bellows.worker.collective.Communicator;

/** A yes or no of each rank, which is sent with an exchange of other data. */
final class UnanimousFlag implements Communicator {
  private static final float YES = 1;

  private final Communicator communicator;
  private final float[] said;

  UnanimousFlag(Communicator communicator, boolean mine) {
    this.communicator = communicator;
    this.said = new float[communicator.size()];
    Arrays.fill(said, Float.NaN);
    said[communicator.rank()] = mine ? YES : 0;
  }

  /** Whether all said yes; the same answer everywhere, after one swap. */
  boolean all() {
    for (float one : said) {
      if (one != YES) {
        return false;
      }
    }
    return true;
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
