// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.parallel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.BinaryOperator;
import java.util.function.IntFunction;
import org.bellows.conf.BellowsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the lanes of an executor wait for one another in the middle of their passes. All of them
 * are in the middle of one at the same time, but only some compute: a lane that waits gives way to
 * another.
 *
 * <p>A lane that fails lets the others fail with it, so that nobody waits for what never comes.
 */
public final class LaneMeeting implements LaneTasks {
  private static final Logger LOG = LoggerFactory.getLogger(LaneMeeting.class);
  private static final long LAST = -1;

  private final LaneThreads threads;
  private final Reduction reduction;
  private final Semaphore computing;

  private final List<double[]> brought = new ArrayList<>();
  private int present;
  private long meetings;
  private double[] combined;
  private Throwable failure;
  private Thread reducing;
  private boolean wasInterrupted;

  /** Combines numbers of this executor's lanes with those of the others'. */
  @FunctionalInterface
  public interface Reduction {
    /**
     * @param ofLanes of this executor, in order
     * @return of all lanes together
     */
    double[] reduce(String what, List<double[]> ofLanes, BinaryOperator<double[]> merge);
  }

  /**
   * @param threads one for each lane of this executor
   * @param atOnce lanes that compute at the same time
   */
  public LaneMeeting(LaneThreads threads, int atOnce, Reduction reduction) {
    this.threads = threads;
    this.reduction = reduction;
    this.computing = new Semaphore(atOnce);
    brought.addAll(Collections.nCopies(threads.count(), null));
  }

  /** The lane at a place among the executor's lanes. */
  public LaneCombiner at(int place) {
    return (what, own, merge) -> combine(place, what, own, merge);
  }

  @Override
  public int count() {
    return threads.count();
  }

  /**
   * Runs tasks in which the lanes meet.
   *
   * @param n all lanes of the executor
   */
  @Override
  public <T> List<T> run(int n, IntFunction<T> task) {
    if (n != count()) {
      throw new IllegalArgumentException("%d lanes meet, not %d".formatted(count(), n));
    }
    synchronized (this) {
      present = 0;
      failure = null;
    }
    return threads.run(
        n,
        place -> {
          computing.acquireUninterruptibly();
          try {
            return task.apply(place);
          } catch (RuntimeException | Error e) {
            fail(e);
            throw e;
          } finally {
            computing.release();
          }
        });
  }

  private double[] combine(int place, String what, double[] own, BinaryOperator<double[]> merge) {
    computing.release();
    try {
      long meeting = arrive(place, own);
      return meeting == LAST ? reduce(what, merge) : await(meeting, what);
    } finally {
      computing.acquireUninterruptibly();
    }
  }

  /**
   * @return how many meetings were before; {@link #LAST} for the lane that all others wait for
   */
  private synchronized long arrive(int place, double[] own) {
    throwFailure();
    brought.set(place, own);
    present++;
    if (present < brought.size()) {
      return meetings;
    }
    present = 0;
    reducing = Thread.currentThread();
    return LAST;
  }

  private double[] reduce(String what, BinaryOperator<double[]> merge) {
    double[] all;
    try {
      all = reduction.reduce(what, List.copyOf(brought), merge);
    } finally {
      endReducing();
    }
    synchronized (this) {
      throwFailure();
      combined = all;
      meetings++;
      notifyAll();
    }
    return all;
  }

  /** The interrupt of another lane's failure is not one of the caller. */
  private synchronized void endReducing() {
    reducing = null;
    if (wasInterrupted) {
      wasInterrupted = false;
      boolean ours = Thread.interrupted();
      LOG.debug("the lane that combined was interrupted: {}", ours);
    }
  }

  private synchronized double[] await(long before, String what) {
    while (meetings == before) {
      throwFailure();
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw BellowsException.infrastructure("interrupted while lanes wait for the " + what, e);
      }
    }
    return combined;
  }

  private synchronized void fail(Throwable first) {
    if (failure == null) {
      failure = first;
      if (reducing != null) {
        wasInterrupted = true;
        reducing.interrupt();
      }
      notifyAll();
    }
  }

  /** The same as the lane that failed throws. */
  private void throwFailure() {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }
}
