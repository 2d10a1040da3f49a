// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.bellows.worker.collective.BufferRegion;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.Hosts;

/**
 * What each rank says of itself, which is sent with an exchange of other data: whether a condition
 * holds for it, and whether it has been told to leave the run. After an exchange a rank also says
 * what it has heard, so that ranks that swap with some of the others only, and these with others
 * later, come to the same answer as if all had swapped. One thread may receive while another sends.
 */
final class Vote implements Communicator {
  private static final int YES = 1;
  private static final int LEAVES = 2;

  private final Communicator communicator;

  /** Guarded by this, as is the other. */
  private boolean all;

  private boolean isLeft;

  Vote(Communicator communicator, boolean mine, boolean leaves) {
    this.communicator = communicator;
    this.all = mine;
    this.isLeft = leaves;
  }

  /** Whether all said yes that were heard of. */
  synchronized boolean all() {
    return all;
  }

  /** Whether a rank leaves that was heard of. */
  synchronized boolean isLeft() {
    return isLeft;
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
  public Hosts hosts() {
    return communicator.hosts();
  }

  @Override
  public void exchange(
      String what,
      IntPredicate among,
      IntFunction<List<BufferRegion>> outgoing,
      IntFunction<List<BufferRegion>> incoming) {
    float[] said = mine();
    communicator.exchange(
        what,
        among,
        other -> behind(outgoing.apply(other), said, rank()),
        other -> behind(incoming.apply(other), said, other));
    hear(among, said);
  }

  @Override
  public void send(String what, IntPredicate among, IntFunction<List<BufferRegion>> outgoing) {
    float[] said = mine();
    communicator.send(what, among, other -> behind(outgoing.apply(other), said, rank()));
  }

  @Override
  public void receive(String what, IntPredicate among, IntFunction<List<BufferRegion>> incoming) {
    float[] said = new float[size()];
    communicator.receive(what, among, other -> behind(incoming.apply(other), said, other));
    hear(among, said);
  }

  /** By rank, of which this one's is known. */
  private synchronized float[] mine() {
    float[] said = new float[size()];
    said[rank()] = (all ? YES : 0) + (isLeft ? LEAVES : 0);
    return said;
  }

  private synchronized void hear(IntPredicate among, float[] said) {
    for (int other = 0; other < size(); other++) {
      if (other != rank() && among.test(other)) {
        all &= ((int) said[other] & YES) != 0;
        isLeft |= ((int) said[other] & LEAVES) != 0;
      }
    }
  }

  private static List<BufferRegion> behind(List<BufferRegion> regions, float[] said, int rank) {
    List<BufferRegion> all = new ArrayList<>(regions);
    all.add(new BufferRegion(said, rank, 1));
    return all;
  }

  /** The wrapped exchange is closed by its owner. */
  @Override
  public void close() {}
}
