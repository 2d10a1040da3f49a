package org.bellows.worker.collective;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import org.bellows.conf.BellowsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every rank connected with every other. What the buffers of a connection do not hold is sent by
 * another thread, so that two ranks that send much to each other at once cannot both wait for the
 * other to read; what they do hold is not worth a change of threads.
 */
final class DirectExchange implements Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(DirectExchange.class);

  private final int rank;
  private final Peer[] peers;
  private final Duration timeout;
  private final ExecutorService senders;

  /**
   * @param peers by rank; null at this rank
   * @param timeout longest wait for a rank to take what was sent to it, once all that it sends is
   *     here
   */
  DirectExchange(int rank, Peer[] peers, Duration timeout) {
    this.rank = rank;
    this.peers = peers;
    this.timeout = timeout;
    this.senders =
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
  public void swap(
      String what, IntFunction<List<Piece>> outgoing, IntFunction<List<Piece>> incoming) {
    Map<Peer, Future<?>> sending = new LinkedHashMap<>();
    // Starting at the next rank spreads the load: nobody is everybody's first.
    for (int i = 1; i < peers.length; i++) {
      int other = (rank + i) % peers.length;
      List<Piece> pieces = outgoing.apply(other);
      if (peers[other].buffers(pieces)) {
        peers[other].send(what, pieces);
      } else {
        sending.put(peers[other], submit(what, peers[other], pieces));
      }
    }
    for (int i = 1; i < peers.length; i++) {
      int other = (rank + i) % peers.length;
      peers[other].receive(what, incoming.apply(other));
    }
    sending.forEach((peer, sent) -> await(what, sent, peer));
  }

  /** Another thread may close the exchange at any time: the executor is being shut down. */
  private Future<?> submit(String what, Peer peer, List<Piece> pieces) {
    try {
      return senders.submit(() -> peer.send(what, pieces));
    } catch (RejectedExecutionException e) {
      throw Peer.closedHere(peer, what, e);
    }
  }

  private void await(String what, Future<?> sending, Peer peer) {
    try {
      sending.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw LostPeerException.silent(
          "%s did not take what was sent to it for %d s during %s"
              .formatted(peer, timeout.toSeconds(), what),
          e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BellowsException known) {
        throw known;
      }
      throw new IllegalStateException("sending failed during " + what, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LostPeerException("interrupted during " + what, e);
    }
  }

  @Override
  public void close() {
    for (Peer peer : peers) {
      if (peer != null) {
        try {
          peer.close();
        } catch (IOException e) {
          LOG.warn("cannot close the connection to {}: {}", peer, e.getMessage());
        }
      }
    }
    senders.shutdownNow();
  }
}
