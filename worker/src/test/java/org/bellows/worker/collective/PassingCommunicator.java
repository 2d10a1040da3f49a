// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** Passes everything on; tests override what they look at. */
public abstract class PassingCommunicator implements Communicator {
  private final Communicator communicator;

  protected PassingCommunicator(Communicator communicator) {
    this.communicator = communicator;
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
