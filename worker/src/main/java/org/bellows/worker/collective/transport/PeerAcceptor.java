// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bellows.conf.BellowsException;
import org.bellows.conf.text.Words;
import org.bellows.data.storage.Storage;
import org.bellows.worker.collective.PeerLostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the higher ranks in. Each connection is authenticated on a thread of its own, so that a
 * silent one delays no other; at most {@code maxUnproved} unauthenticated connections are kept.
 * When full, the oldest connection of the machine with most of them is closed, and is told that the
 * reason was lack of room: a rank that needed seconds for its first bytes connects again.
 */
final class PeerAcceptor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PeerAcceptor.class);
  private static final Duration HANDSHAKE = Duration.ofSeconds(10);
  private static final int MIN_UNPROVED = 64;

  private final ServerSocket server;
  private final Session session;
  private final int rank;
  private final Peer[] peers;
  private final Duration timeout;
  private final Consumer<String> refusals;

  /** Real ranks that all come at once must not push each other out. */
  private final int maxUnproved;

  private final ExecutorService threads = Executors.newCachedThreadPool(PeerAcceptor::thread);

  /** Guarded by this; also guards peers. */
  private final TreeSet<Integer> missing = new TreeSet<>();

  /** Guarded by this; oldest first. */
  private final Deque<Socket> unproved = new ArrayDeque<>();

  /** Why this end closed a connection. */
  private final Map<Socket, String> reasons = new ConcurrentHashMap<>();

  /** Guarded by this. */
  private IOException broken;

  /**
   * @param peers by rank, filled in after this rank
   * @param timeout of every later exchange
   * @param refusals receives a line for each rejected connection
   */
  PeerAcceptor(
      ServerSocket server,
      Session session,
      int rank,
      Peer[] peers,
      Duration timeout,
      Consumer<String> refusals) {
    this.server = server;
    this.session = session;
    this.rank = rank;
    this.peers = peers;
    this.timeout = timeout;
    this.refusals = refusals;
    this.maxUnproved = Math.max(MIN_UNPROVED, 2 * peers.length);
    for (int other = rank + 1; other < peers.length; other++) {
      missing.add(other);
    }
  }

  void open() {
    threads.execute(this::listen);
  }

  private static Thread thread(Runnable body) {
    Thread thread = new Thread(body, "bellows-door");
    thread.setDaemon(true);
    return thread;
  }

  private void listen() {
    try {
      while (true) {
        Socket socket = server.accept();
        keep(socket);
        threads.execute(() -> hear(socket));
      }
    } catch (IOException | RejectedExecutionException e) {
      // A closed socket ends here, too; then the exception is not read any more.
      synchronized (this) {
        broken = e instanceof IOException io ? io : new IOException(e);
        notifyAll();
      }
    }
  }

  private void keep(Socket socket) throws IOException {
    Socket oldest = null;
    synchronized (this) {
      if (unproved.size() == maxUnproved) {
        oldest = oldestOfMost();
        unproved.remove(oldest);
      }
      unproved.addLast(socket);
    }
    if (oldest != null) {
      reasons.put(
          oldest, "it was not authenticated when %d others had connected".formatted(maxUnproved));
      close(oldest);
    }
  }

  /** The connections of the address that has most of them here. */
  private Socket oldestOfMost() {
    Map<InetAddress, Integer> counts = new HashMap<>();
    unproved.forEach(socket -> counts.merge(socket.getInetAddress(), 1, Integer::sum));
    int most = Collections.max(counts.values());
    return unproved.stream()
        .filter(socket -> counts.get(socket.getInetAddress()) == most)
        .findFirst()
        .orElseThrow();
  }

  private static void close(Socket socket) {
    try (socket) {
      socket.getOutputStream().write(Handshake.CROWDED);
    } catch (IOException e) {
      LOG.debug("{} was gone already", socket, e);
    }
  }

  private void hear(Socket socket) {
    String caller = String.valueOf(socket.getRemoteSocketAddress());
    try {
      Handshake handshake = new Handshake(socket, session, System.nanoTime() + HANDSHAKE.toNanos());
      admit(socket, handshake, handshake.answer(rank, peers.length));
    } catch (IOException e) {
      close(socket, e);
      String own = reasons.get(socket);
      refusals.accept("rejected " + caller + ": " + (own == null ? Storage.reason(e) : own));
    } finally {
      reasons.remove(socket);
      synchronized (this) {
        unproved.remove(socket);
      }
    }
  }

  /** The first of a rank stays. */
  private void admit(Socket socket, Handshake handshake, Handshake.AuthenticatedPeer peer)
      throws IOException {
    synchronized (this) {
      if (!missing.contains(peer.rank())) {
        throw new IOException("rank " + peer.rank() + " is connected already");
      }
      unproved.remove(socket);
      Channel channel = handshake.welcome(peer);
      Rendezvous.tune(socket);
      peers[peer.rank()] = new Peer(peer.rank(), socket.getChannel(), channel);
      missing.remove(peer.rank());
      notifyAll();
    }
  }

  /**
   * @param addresses of all ranks, for the message
   * @throws BellowsException (infrastructure) naming the ranks that did not connect in time
   */
  synchronized void awaitAll(List<String> addresses, long deadline) {
    while (!missing.isEmpty()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        String names =
            Words.and(
                missing.stream()
                    .map(other -> "rank " + other + " (" + addresses.get(other) + ")")
                    .toList());
        throw PeerLostException.silent(
            "rank %d waited %d s for %s to connect".formatted(rank, timeout.toSeconds(), names),
            null);
      }
      if (broken != null) {
        throw BellowsException.infrastructure(
            "rank %d cannot listen for the other ranks: %s".formatted(rank, broken.getMessage()),
            broken);
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw BellowsException.infrastructure(
            "rank %d was interrupted while other ranks were connecting".formatted(rank), e);
      }
    }
  }

  private static void close(Socket socket, IOException reason) {
    try {
      socket.close();
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  /** No further connection is accepted; unauthenticated ones are closed. */
  @Override
  public void close() throws IOException {
    server.close();
    synchronized (this) {
      for (Socket socket : unproved) {
        reasons.put(socket, "all ranks are connected, or gone");
        socket.close();
      }
    }
    threads.shutdownNow();
  }
}
