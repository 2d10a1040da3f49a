// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.bellows.worker.collective.BufferRegion;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.Hosts;

/** Another exchange, of ranks that take each other to be on hosts of their own. */
record Apart(Communicator communicator) implements Communicator {
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
    return Hosts.apart(size());
  }

  @Override
  public void exchange(
      String what,
      IntPredicate among,
      IntFunction<List<BufferRegion>> outgoing,
      IntFunction<List<BufferRegion>> incoming) {
    communicator.exchange(what, among, outgoing, incoming);
  }

  @Override
  public void send(String what, IntPredicate among, IntFunction<List<BufferRegion>> outgoing) {
    communicator.send(what, among, outgoing);
  }

  @Override
  public void receive(String what, IntPredicate among, IntFunction<List<BufferRegion>> incoming) {
    communicator.receive(what, among, incoming);
  }

  @Override
  public void onComputing(boolean computes) {
    communicator.onComputing(computes);
  }

  @Override
  public void close() {
    communicator.close();
  }
}
