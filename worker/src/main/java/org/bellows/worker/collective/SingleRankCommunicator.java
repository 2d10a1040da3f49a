// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** The only rank there is: nothing is sent and nothing comes. */
public record SingleRankCommunicator() implements Communicator {
  @Override
  public int rank() {
    return 0;
  }

  @Override
  public int size() {
    return 1;
  }

  @Override
  public Hosts hosts() {
    return Hosts.together(1);
  }

  @Override
  public void exchange(
      String what,
      IntPredicate among,
      IntFunction<List<BufferRegion>> outgoing,
      IntFunction<List<BufferRegion>> incoming) {}

  @Override
  public void send(String what, IntPredicate among, IntFunction<List<BufferRegion>> outgoing) {}

  @Override
  public void receive(String what, IntPredicate among, IntFunction<List<BufferRegion>> incoming) {}

  @Override
  public void close() {}
}
