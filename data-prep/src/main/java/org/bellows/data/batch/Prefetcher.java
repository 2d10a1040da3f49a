package org.bellows.data.batch;

import java.util.ArrayList;
import java.util.List;
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
 * Runs a source of tasks on one thread of its own and the tasks on others, and hands the results
 * out in the source's order. At most {@code prefetchBatches} results are ready or in work.
 */
final class Prefetcher<T> implements AutoCloseable {
  private static final double NANOSECONDS = 1e9;
  private static final long JOIN_MILLISECONDS = 10_000;

  /** Called on one thread; may block on input. */
  interface Source<T> {
    /** The next task, or null at the end. */
    Callable<T> next() throws InterruptedException;
  }

  private final Source<T> source;

  /** In order; its bound is the bound on memory. Null inside a future: the end. */
  private final BlockingQueue<Future<T>> ordered;

  private final BlockingQueue<FutureTask<T>> work = new LinkedBlockingQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;
  private boolean ended;
  private long waitNanoseconds;

  Prefetcher(String name, Source<T> source, ReadAhead readAhead) {
    this.source = source;
    this.ordered = new ArrayBlockingQueue<>(readAhead.prefetchBatches());
    start(name + "-source", this::produce);
    for (int i = 0; i < readAhead.decodeThreads(); i++) {
      start(name + "-decode-" + i, this::consume);
    }
  }

  /**
   * @return null at the end
   * @throws RuntimeException what a thread failed with, as it is
   */
  T next() {
    if (ended || closed) {
      return null;
    }
    long start = System.nanoTime();
    boolean isReady = false;
    try {
      Future<T> head = ordered.poll();
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
   * For what was not ready. Where threads share a processor, taking what is ready may let the next
   * one be made first: that is the work of making it, not a wait for it.
   */
  double waitSeconds() {
    return waitNanoseconds / NANOSECONDS;
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
    boolean interrupted = false;
    for (Thread thread : threads) {
      try {
        thread.join(JOIN_MILLISECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
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

  private void produce() {
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
      // close() is the only one who interrupts; nobody waits for more.
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
  static RuntimeException asIs(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException("making a batch failed", failure);
  }
}
