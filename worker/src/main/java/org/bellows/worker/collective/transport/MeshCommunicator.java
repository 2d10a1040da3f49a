// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.transport;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.bellows.conf.BellowsException;
import org.bellows.worker.collective.BufferRegion;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.Hosts;
import org.bellows.worker.collective.PeerLostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every rank connected with every other. In an exchange one thread sends to all and receives from
 * all, whatever can be moved at the moment, so that two ranks that send much to each other at once
 * never both wait for the other to read. If much is sent and there is another processor, another
 * thread sends. {@link #receive} has a selector of its own, so that it may run beside either.
 */
final class MeshCommunicator implements Communicator {
  private static final Logger LOG = LoggerFactory.getLogger(MeshCommunicator.class);

  /** Below, what a change of threads takes is not worth it. */
  private static final long MUCH_BYTES = 1 << 22;

  private final int rank;
  private final Peer[] peers;

  /** Each rank starts with the next one, so that no rank is the first of all others. */
  private final List<Peer> others = new ArrayList<>();

  private final Hosts hosts;

  private final SelectorLoop both;
  private final SelectorLoop out;
  private final SelectorLoop in;

  /** Of the thread that calls {@link #receive}: another one may be in {@link #exchange}. */
  private final SelectorLoop received;

  private final ExecutorService sender;

  /**
   * @param peers by rank; null at this rank
   * @param timeout longest time in which nothing goes nor comes
   */
  MeshCommunicator(int rank, Peer[] peers, Hosts hosts, Duration timeout) throws IOException {
    this.rank = rank;
    this.hosts = hosts;
    this.peers = peers;
    for (int i = 1; i < peers.length; i++) {
      others.add(peers[(rank + i) % peers.length]);
    }
    this.both = new SelectorLoop(others, SelectorLoop.OUT | SelectorLoop.IN, timeout);
    this.out = new SelectorLoop(others, SelectorLoop.OUT, timeout);
    this.in = new SelectorLoop(others, SelectorLoop.IN, timeout);
    this.received = new SelectorLoop(others, SelectorLoop.IN, timeout);
    this.sender =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "bellows-send-" + rank);
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return peers.length;
  }

  @Override
  public Hosts hosts() {
    return hosts;
  }

  @Override
  public void exchange(
      String what,
      IntPredicate among,
      IntFunction<List<BufferRegion>> outgoing,
      IntFunction<List<BufferRegion>> incoming) {
    long bytes = beginSending(what, among, outgoing);
    beginReceiving(among, incoming);
    move(
        what,
        () -> {
          if (bytes < MUCH_BYTES || Runtime.getRuntime().availableProcessors() == 1) {
            both.finish(what, among);
          } else {
            Future<?> sending = sender.submit(() -> out.finish(what, among));
            try {
              in.finish(what, among);
              await(what, sending);
            } finally {
              // After a failure the other thread ends, too: at its next wait.
              sending.cancel(true);
            }
          }
        });
  }

  @Override
  public void send(String what, IntPredicate among, IntFunction<List<BufferRegion>> outgoing) {
    move(
        what,
        () -> {
          beginSending(what, among, outgoing);
          out.finish(what, among);
        });
  }

  @Override
  public void receive(String what, IntPredicate among, IntFunction<List<BufferRegion>> incoming) {
    move(
        what,
        () -> {
          beginReceiving(among, incoming);
          received.finish(what, among);
        });
  }

  /** Returns the number of bytes. */
  private long beginSending(
      String what, IntPredicate among, IntFunction<List<BufferRegion>> outgoing) {
    long bytes = 0;
    for (Peer peer : others) {
      if (among.test(peer.rank())) {
        List<BufferRegion> regions = outgoing.apply(peer.rank());
        peer.beginSending(regions);
        peer.advance(SelectorLoop.OUT, what);
        bytes += (long) BufferRegion.floats(regions) * Float.BYTES;
      }
    }
    return bytes;
  }

  private void beginReceiving(IntPredicate among, IntFunction<List<BufferRegion>> incoming) {
    for (Peer peer : others) {
      if (among.test(peer.rank())) {
        peer.beginReceiving(incoming.apply(peer.rank()));
      }
    }
  }

  private void move(String what, Runnable work) {
    try {
      work.run();
    } catch (ClosedSelectorException | CancelledKeyException | RejectedExecutionException e) {
      throw closedHere(what, e);
    }
  }

  @Override
  public void onComputing(boolean computes) {
    for (SelectorLoop loop : List.of(both, out, in, received)) {
      loop.spin(!computes);
    }
  }

  private void await(String what, Future<?> sending) {
    try {
      sending.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException("sending failed during " + what, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PeerLostException("interrupted during " + what, e);
    }
  }

  /** Nothing is wrong with the peers: another thread closed this side, as at the process's end. */
  private BellowsException closedHere(String what, RuntimeException cause) {
    for (Peer peer : others) {
      if (peer.left() != 0) {
        return peer.closedHere(what, cause);
      }
    }
    throw cause;
  }

  @Override
  public void close() {
    for (Peer peer : others) {
      close(peer);
    }
    close(both);
    close(out);
    close(in);
    close(received);
    sender.shutdownNow();
  }

  private void close(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      LOG.warn("rank {} cannot close {}: {}", rank, closeable, e.getMessage());
    }
  }
}
