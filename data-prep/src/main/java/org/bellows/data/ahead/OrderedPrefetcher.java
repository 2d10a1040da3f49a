// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.ahead;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import org.bellows.conf.BellowsException;

/**
 * Runs tasks on threads of its own and hands the results out in the order of the tasks. At most
 * {@code capacity} results are ready or in work, which bounds memory. Tasks come from a source,
 * which is asked on another thread of its own, or from the thread that takes the results, by {@link
 * #add}. Results are taken by one thread.
 */
public final class OrderedPrefetcher<T> implements AutoCloseable {
  private static final double NANOSECONDS = 1e9;
  private static final long JOIN_MILLISECONDS = 10_000;

  /** Called on one thread; may block on input. */
  public interface Source<T> {
    /** The next task, or null at the end. */
    Callable<T> next() throws InterruptedException;
  }

  /** In order; its bound is the bound on memory. Null inside a future: the end. */
  private final BlockingQueue<Future<T>> ordered;

  private final BlockingQueue<FutureTask<T>> work = new LinkedBlockingQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private final boolean hasSource;
  private volatile boolean closed;
  private boolean ended;
  private long waitNanoseconds;

  /**
   * For tasks that {@link #add} gives.
   *
   * @param name that the threads' names begin with
   * @param threads that run tasks
   * @param capacity results that are ready or in work, at least 1
   */
  public OrderedPrefetcher(String name, int threads, int capacity) {
    this(name, threads, capacity, false);
  }

  /** For tasks of a source. */
  public OrderedPrefetcher(String name, int threads, int capacity, Source<T> source) {
    this(name, threads, capacity, true);
    start(name + "-source", () -> produce(source));
  }

  private OrderedPrefetcher(String name, int threads, int capacity, boolean hasSource) {
    this.ordered = new ArrayBlockingQueue<>(capacity);
    this.hasSource = hasSource;
    for (int i = 0; i < threads; i++) {
      start(name + "-decode-" + i, this::consume);
    }
  }

  /** Whether as many results as may be are ready or in work. */
  public boolean isFull() {
    return ordered.remainingCapacity() == 0;
  }

  /**
   * By the thread that takes the results.
   *
   * @throws IllegalStateException when it is full
   */
  public void add(Callable<T> task) {
    FutureTask<T> future = new FutureTask<>(task);
    ordered.add(future);
    work.add(future);
  }

  /**
   * @return null at the source's end; without a source where all that was added has been taken
   * @throws RuntimeException the exception of a thread, unchanged
   */
  public T next() {
    if (ended || closed) {
      return null;
    }
    long start = System.nanoTime();
    boolean isReady = false;
    try {
      Future<T> head = ordered.poll();
      if (head == null && !hasSource) {
        return null;
      }
      isReady = head != null && head.isDone();
      T result = (head == null ? ordered.take() : head).get();
      ended = result == null;
      return result;
    } catch (ExecutionException e) {
      ended = true;
      throw asIs(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BellowsException.infrastructure("interrupted while waiting for a batch", e);
    } finally {
      if (!isReady) {
        waitNanoseconds += System.nanoTime() - start;
      }
    }
  }

  /**
   * What {@link #next} would return at once, which it still does.
   *
   * @return empty where it would wait, fail or end
   */
  public Optional<T> ready() {
    Future<T> head = ended || closed ? null : ordered.peek();
    if (head == null || !head.isDone()) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(head.get());
    } catch (ExecutionException e) {
      // The next call of next() throws it.
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /**
   * Time spent waiting for results that were not ready. Where threads share a processor, taking
   * what is ready may let the next one be made first: that is the work of making it, not a wait for
   * it.
   */
  public double waitSeconds() {
    return waitNanoseconds / NANOSECONDS;
  }

  /** Drops pending work and tells the threads to end; does not wait for them. */
  public void stop() {
    closed = true;
    threads.forEach(Thread::interrupt);
    ordered.clear();
    work.clear();
  }

  /** Stops the threads and waits for them. */
  @Override
  public void close() {
    stop();
    boolean interrupted = false;
    for (Thread thread : threads) {
      try {
        thread.join(JOIN_MILLISECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    // The source may have added one more meanwhile.
    ordered.clear();
    work.clear();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void start(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private void produce(Source<T> source) {
    try {
      try {
        for (Callable<T> task = source.next(); task != null; task = source.next()) {
          FutureTask<T> future = new FutureTask<>(task);
          ordered.put(future);
          work.put(future);
        }
        ordered.put(CompletableFuture.completedFuture(null));
      } catch (InterruptedException e) {
        throw e;
      } catch (Throwable e) {
        ordered.put(CompletableFuture.failedFuture(e));
      }
    } catch (InterruptedException e) {
      // Only close() interrupts; no other caller waits any more.
      Thread.currentThread().interrupt();
    }
  }

  private void consume() {
    try {
      while (!closed) {
        work.take().run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** For a throw: errors are thrown here, runtime exceptions returned. */
  public static RuntimeException asIs(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException("making a batch failed", failure);
  }
}
