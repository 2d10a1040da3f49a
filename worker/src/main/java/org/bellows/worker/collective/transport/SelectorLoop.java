// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.transport;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.bellows.worker.collective.PeerLostException;

/**
 * Data to peers, from them, or both, moved by one thread: as much as can be moved at the moment.
 */
final class SelectorLoop implements AutoCloseable {
  static final int OUT = SelectionKey.OP_WRITE;
  static final int IN = SelectionKey.OP_READ;

  private static final long SPIN_NANOSECONDS = 200_000;

  private final List<Peer> peers;
  private final int directions;
  private final Duration timeout;
  private final Selector selector = Selector.open();
  private final List<SelectionKey> keys = new ArrayList<>();
  private volatile boolean spins = true;

  /**
   * @param directions {@link #OUT}, {@link #IN} or both
   * @param timeout longest time in which nothing goes nor comes
   */
  SelectorLoop(List<Peer> peers, int directions, Duration timeout) throws IOException {
    this.peers = peers;
    this.directions = directions;
    this.timeout = timeout;
    for (Peer peer : peers) {
      keys.add(peer.register(selector));
    }
  }

  /**
   * Returns when peers have sent and received everything.
   *
   * @param among by rank: those that are waited for; another thread may move data of others
   * @throws java.nio.channels.ClosedSelectorException when it is closed meanwhile
   * @throws java.nio.channels.CancelledKeyException likewise
   */
  void finish(String what, IntPredicate among) {
    int unfinished = 0;
    for (SelectionKey key : keys) {
      unfinished += among.test(((Peer) key.attachment()).rank()) && isWaiting(key) ? 1 : 0;
    }
    while (unfinished > 0) {
      awaitReady(what, among);
      Set<SelectionKey> ready = selector.selectedKeys();
      for (SelectionKey key : ready) {
        ((Peer) key.attachment()).advance(directions, what);
        unfinished -= isWaiting(key) ? 0 : 1;
      }
      ready.clear();
    }
  }

  /** Whether it looks for data again and again before it sleeps. */
  void spin(boolean does) {
    spins = does;
  }

  /** Has the selector look for what is left, if anything is. */
  private boolean isWaiting(SelectionKey key) {
    int left = ((Peer) key.attachment()).left() & directions;
    if (key.interestOps() != left) {
      key.interestOps(left);
    }
    return left != 0;
  }

  /**
   * Ranks that run in step will send within a moment, and to sleep and be woken takes longer. Where
   * more ranks than processors run, the others are let run meanwhile.
   */
  @SuppressWarnings("ThreadPriorityCheck")
  private void awaitReady(String what, IntPredicate among) {
    try {
      long start = System.nanoTime();
      long waited = 0;
      while (selector.selectNow() == 0) {
        if (spins && waited < SPIN_NANOSECONDS) {
          Thread.yield();
        } else if (Thread.currentThread().isInterrupted()) {
          throw new PeerLostException("interrupted during " + what, null);
        } else if (waited >= timeout.toNanos()) {
          throw silent(what, among);
        } else if (selector.select(1 + (timeout.toNanos() - waited) / 1_000_000) > 0) {
          return;
        }
        waited = System.nanoTime() - start;
      }
    } catch (IOException e) {
      throw new PeerLostException("cannot wait during " + what + ": " + e.getMessage(), e);
    }
  }

  /** A peer that has sent all that is expected is waited for only if no other is. */
  private PeerLostException silent(String what, IntPredicate among) {
    for (int direction : new int[] {IN, OUT}) {
      for (Peer peer : peers) {
        if (among.test(peer.rank()) && (peer.left() & directions & direction) != 0) {
          String did = direction == IN ? "sent nothing" : "did not read what was sent to it";
          return PeerLostException.silent(
              "%s %s for %d s during %s".formatted(peer, did, timeout.toSeconds(), what), null);
        }
      }
    }
    throw new IllegalStateException("no peer is waited for during " + what);
  }

  @Override
  public void close() throws IOException {
    selector.close();
  }
}
