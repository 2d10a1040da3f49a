// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.PeerLostException;
import org.bellows.worker.collective.reduce.LaneTree.Node;
import org.bellows.worker.collective.reduce.ShardedVector.Summed;

/**
 * One reduce-scatter, bucket by bucket from the vector's end to its beginning, which is the order
 * in which a backward pass makes gradients final. While this rank still computes, two threads of
 * its own exchange the buckets that are final: one sends, the other receives and adds up. The first
 * does not wait for the second, so that a link between hosts has the next bucket when one has
 * passed, the last one among them. All ranks exchange the same buckets in the same order, however
 * far each of them has computed.
 *
 * <p>Used by one thread. A failure of the exchange is thrown by {@link #finish}, as if everything
 * had been exchanged there.
 */
public final class SumStream {
  private final ShardedVector sharded;
  private final Communicator communicator;
  private final String what;
  private final int last;

  /** Those that exchange; empty before a bucket is final. */
  private List<Thread> threads = List.of();

  /** Guarded by this, as are those below. */
  private Map<Node, float[]> sums;

  private int finalFrom = Integer.MAX_VALUE;

  /** What the vector's first bucket goes through; null before everything is final. */
  private Communicator ofFirst;

  /** The lowest bucket of which the exchange has started. */
  private int started;

  /** The lowest bucket that has been exchanged on this host, and may arrive from others. */
  private int begun;

  /** The lowest bucket that has arrived. */
  private int arrived;

  private boolean isComputing = true;
  private boolean isAbandoned;

  /** By System.nanoTime: since then a bucket has been started that has not arrived. */
  private long busySince;

  private long hiddenNanoseconds;
  private Throwable failure;

  /** What {@link #finish} returns, after the last bucket. */
  private float[] result;

  SumStream(ShardedVector sharded, Communicator communicator, String what) {
    this.sharded = sharded;
    this.communicator = communicator;
    this.what = what;
    this.last = sharded.buckets() - 1;
    this.started = last + 1;
    this.begun = last + 1;
    this.arrived = last + 1;
  }

  /**
   * What comes from an element on is final; the caller continues to compute what is before it.
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
    boolean isAny = last > 0 && from <= sharded.bucketStart(last);
    if (isAny && threads.isEmpty() && communicator.size() > 1) {
      communicator.onComputing(true);
      start();
    }
  }

  private void start() {
    threads =
        List.of(
            new Thread(() -> run(this::send), "bellows-overlap-" + communicator.rank()),
            new Thread(() -> run(this::receive), "bellows-receive-" + communicator.rank()));
    for (Thread thread : threads) {
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void run(Runnable half) {
    try {
      half.run();
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        failure = failure == null ? e : failure;
        notifyAll();
      }
      // Neither half ends without the other.
      threads.forEach(Thread::interrupt);
    }
  }

  private void send() {
    for (int bucket = last; bucket >= 0; bucket--) {
      Map<Node, float[]> known = awaitFinal(bucket);
      if (known == null) {
        return;
      }
      Communicator through = through(bucket);
      sharded.beginReduceScatter(what, bucket, known, through);
      hasBegun(bucket);
      sharded.sendSums(what, bucket, through);
    }
  }

  private void receive() {
    for (int bucket = last; bucket >= 0 && awaitBegun(bucket); bucket--) {
      result = sharded.receiveSums(what, bucket, through(bucket));
      hasArrived(bucket);
    }
  }

  private synchronized Communicator through(int bucket) {
    return bucket == 0 ? ofFirst : communicator;
  }

  /** Returns the sums; null: the exchange has ended. */
  private synchronized Map<Node, float[]> awaitFinal(int bucket) {
    await(() -> sharded.bucketStart(bucket) >= finalFrom && (bucket > 0 || ofFirst != null));
    if (!continues()) {
      return null;
    }
    if (started == arrived) {
      busySince = System.nanoTime();
    }
    started = bucket;
    return sums;
  }

  private synchronized boolean awaitBegun(int bucket) {
    await(() -> bucket >= begun);
    return continues();
  }

  private boolean continues() {
    return !isAbandoned && failure == null;
  }

  /** Returns when that is so, or the exchange has ended. */
  private synchronized void await(BooleanSupplier condition) {
    while (continues() && !condition.getAsBoolean()) {
      try {
        wait();
      } catch (InterruptedException e) {
        if (continues()) {
          throw new PeerLostException("interrupted during " + what, e);
        }
      }
    }
  }

  private synchronized void hasBegun(int bucket) {
    begun = bucket;
    notifyAll();
  }

  private synchronized void hasArrived(int bucket) {
    arrived = bucket;
    if (arrived == started) {
      addHidden();
    }
  }

  private synchronized void addHidden() {
    if (isComputing) {
      hiddenNanoseconds += System.nanoTime() - busySince;
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
    Vote vote = new Vote(communicator, mine, leaves);
    float[] sum = finish(ofNodes, vote);
    return new Summed(sum, vote.all(), vote.isLeft());
  }

  /**
   * Likewise, without a question.
   *
   * @param through what the first bucket of the vector goes through, which is the last that is sent
   */
  float[] finish(Map<Node, float[]> ofNodes, Communicator through) {
    if (last == 0 || communicator.size() == 1) {
      for (int bucket = last; bucket > 0; bucket--) {
        sharded.reduceScatter(what, bucket, ofNodes, communicator);
      }
      return sharded.reduceScatter(what, 0, ofNodes, through);
    }
    synchronized (this) {
      endComputing();
      sums = ofNodes;
      finalFrom = 0;
      ofFirst = through;
      notifyAll();
    }
    if (threads.isEmpty()) {
      start();
    }
    join();
    synchronized (this) {
      if (failure instanceof Error error) {
        throw error;
      }
      if (failure instanceof RuntimeException exception) {
        throw exception;
      }
    }
    return result;
  }

  private synchronized void endComputing() {
    if (started < arrived) {
      addHidden();
    }
    isComputing = false;
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
    synchronized (this) {
      isAbandoned = true;
      notifyAll();
    }
    threads.forEach(Thread::interrupt);
    join();
    synchronized (this) {
      if (failure != null && failure != cause) {
        cause.addSuppressed(failure);
      }
    }
  }

  /** Returns when nothing is exchanged any more beside the caller. */
  private void join() {
    if (threads.isEmpty()) {
      return;
    }
    communicator.onComputing(false);
    boolean wasInterrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          // Ends the exchange as it would if the caller had been in it.
          wasInterrupted = true;
          threads.forEach(Thread::interrupt);
        }
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
