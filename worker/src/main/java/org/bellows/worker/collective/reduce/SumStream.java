// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import java.util.Map;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.reduce.LaneTree.Node;
import org.bellows.worker.collective.reduce.ShardedVector.Summed;

/**
 * One reduce-scatter, bucket by bucket from the vector's end to its beginning, which is the order
 * in which a backward pass makes gradients final. While this rank still computes, a thread of its
 * own exchanges the buckets that are final; the rest is exchanged by the caller of {@link #finish}.
 * All ranks exchange the same buckets in the same order, however far each of them has computed.
 *
 * <p>Used by one thread. A failure of the exchange is thrown by {@link #finish}, as if everything
 * had been exchanged there.
 */
public final class SumStream {
  private final ShardedVector sharded;
  private final Communicator communicator;
  private final String what;

  /** Exchanges while the caller computes; null before a bucket is final. */
  private Thread thread;

  /** The next bucket; of the thread that exchanges. */
  private int next;

  /** Guarded by this, as are those below. */
  private Map<Node, float[]> sums;

  private int finalFrom = Integer.MAX_VALUE;

  private boolean isEnded;

  /** By System.nanoTime, when the caller had computed everything. */
  private long end;

  private long hiddenNanoseconds;
  private Throwable failure;

  SumStream(ShardedVector sharded, Communicator communicator, String what) {
    this.sharded = sharded;
    this.communicator = communicator;
    this.what = what;
    this.next = sharded.buckets() - 1;
  }

  /**
   * What comes from an element on is final; the caller goes on computing what is before it.
   *
   * @param ofNodes flat vectors [length] by node of this rank, the same at each call
   * @param from not above that of the last call
   */
  public void isFinal(Map<Node, float[]> ofNodes, int from) {
    synchronized (this) {
      sums = ofNodes;
      finalFrom = from;
      notifyAll();
    }
    // The first bucket travels with what is known at the end only.
    if (thread == null && next > 0 && from <= sharded.bucketStart(next)) {
      communicator.onComputing(true);
      thread = new Thread(this::exchangeFinal, "bellows-overlap-" + communicator.rank());
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void exchangeFinal() {
    try {
      while (awaitFinal()) {
        exchange();
      }
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        failure = e;
      }
    }
  }

  /** Returns whether the next bucket is to be exchanged while this rank computes. */
  private synchronized boolean awaitFinal() {
    while (!isEnded && next > 0 && sharded.bucketStart(next) < finalFrom) {
      try {
        wait();
      } catch (InterruptedException e) {
        return false; // the caller, who waits for this thread, looks what is left
      }
    }
    return !isEnded && next > 0;
  }

  private void exchange() {
    Map<Node, float[]> known;
    synchronized (this) {
      known = sums;
    }
    long begin = System.nanoTime();
    sharded.reduceScatter(what, next, known, communicator);
    next--;
    synchronized (this) {
      hiddenNanoseconds += Math.max(0, (isEnded ? end : System.nanoTime()) - begin);
    }
  }

  /**
   * Everything is final: exchanges what is left, with a question put to all ranks.
   *
   * @param ofNodes flat vectors [length] by node of this rank
   * @param mine this rank's answer
   * @param leaves whether this rank has been told to leave
   * @return as {@link ShardedVector#reduceScatter(String, Map, boolean, boolean)}
   */
  public Summed finish(Map<Node, float[]> ofNodes, boolean mine, boolean leaves) {
    join(false);
    synchronized (this) {
      if (failure instanceof Error error) {
        throw error;
      }
      if (failure instanceof RuntimeException exception) {
        throw exception;
      }
      sums = ofNodes;
    }
    while (next > 0) {
      exchange();
    }
    Vote vote = new Vote(communicator, mine, leaves);
    float[] sum = sharded.reduceScatter(what, 0, ofNodes, vote);
    return new Summed(sum, vote.all(), vote.isLeft());
  }

  /**
   * Seconds for which this rank exchanged and waited for others while its caller computed. Known
   * after {@link #finish}.
   */
  public synchronized double hiddenSeconds() {
    return hiddenNanoseconds * 1e-9;
  }

  /**
   * This rank cannot go on: ends what is being exchanged. The exchange is unusable afterwards.
   *
   * @param cause why; gets what the exchange failed with
   */
  public void abandon(Throwable cause) {
    join(true);
    synchronized (this) {
      if (failure != null && failure != cause) {
        cause.addSuppressed(failure);
      }
    }
  }

  /** Returns when nothing is exchanged any more beside the caller. */
  private void join(boolean interrupts) {
    synchronized (this) {
      isEnded = true;
      end = System.nanoTime();
      notifyAll();
    }
    if (thread == null) {
      return;
    }
    communicator.onComputing(false);
    if (interrupts) {
      thread.interrupt();
    }
    boolean wasInterrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        // Ends the exchange as it would if the caller had been in it.
        wasInterrupted = true;
        thread.interrupt();
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
