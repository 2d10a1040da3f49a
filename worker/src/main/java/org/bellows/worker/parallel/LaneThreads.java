// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.parallel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.bellows.conf.BellowsException;

/**
 * As many threads as lanes are computed at the same time, the caller's among them. OpenMP gives
 * each of them a team of its own, of {@code OMP_NUM_THREADS} threads. Between passes, when those of
 * the teams have nothing to do, as many threads as processors divide work on vectors.
 */
public final class LaneThreads implements LaneTasks, VectorParts, AutoCloseable {
  /** A part below this takes less time than another thread needs to begin. */
  private static final int SMALLEST_PART = 1 << 15;

  private final int count;
  private final int parts;
  private final ExecutorService others;

  /**
   * @param count at least 1
   */
  public LaneThreads(int count) {
    this(count, count);
  }

  /**
   * @param count lanes that are computed at the same time, at least 1
   * @param parts of a vector that are worked on at the same time, at least 1
   */
  public LaneThreads(int count, int parts) {
    if (count < 1 || parts < 1) {
      throw new IllegalArgumentException(
          "expected at least 1 thread, actual %d for lanes and %d for vectors"
              .formatted(count, parts));
    }
    this.count = count;
    this.parts = parts;
    int most = Math.max(count, parts);
    AtomicInteger number = new AtomicInteger(1);
    this.others =
        most == 1
            ? null
            : Executors.newFixedThreadPool(
                most - 1,
                task -> {
                  Thread thread = new Thread(task, "lane-" + number.incrementAndGet());
                  thread.setDaemon(true);
                  return thread;
                });
  }

  @Override
  public int count() {
    return count;
  }

  /**
   * Runs tasks at the same time, the first on the caller's thread. An interrupt of the caller is
   * kept for what it does next: a lane's pass cannot be interrupted.
   */
  @Override
  public <T> List<T> run(int n, IntFunction<T> task) {
    if (n > count) {
      throw new IllegalArgumentException("%d tasks for %d threads".formatted(n, count));
    }
    return together(n, task);
  }

  private <T> List<T> together(int n, IntFunction<T> task) {
    List<Future<T>> running = new ArrayList<>();
    Failures failures = new Failures();
    List<T> results = new ArrayList<>();
    try {
      for (int i = 1; i < n; i++) {
        int number = i;
        running.add(others.submit(() -> task.apply(number)));
      }
      results.add(task.apply(0));
    } catch (RejectedExecutionException e) {
      failures.add(
          BellowsException.infrastructure(
              "the lanes' threads were ended: this process is ending", e));
    } catch (RuntimeException | Error e) {
      failures.add(e);
    }
    boolean interrupted = false;
    for (Future<T> each : running) {
      while (!each.isDone()) {
        interrupted |= awaitInterrupted(each);
      }
      add(each, results, failures);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    failures.throwFirst();
    return results;
  }

  /** Whether the wait was interrupted. */
  private static boolean awaitInterrupted(Future<?> task) {
    try {
      task.get();
    } catch (InterruptedException e) {
      return true;
    } catch (ExecutionException e) {
      return false; // it is done: its failure is read below
    }
    return false;
  }

  private static <T> void add(Future<T> done, List<T> results, Failures failures) {
    try {
      results.add(done.get());
    } catch (ExecutionException e) {
      failures.add(e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException("a task that is done was waited for", e);
    }
  }

  /** The first, which carries the others. */
  private static final class Failures {
    private Throwable first;

    void add(Throwable failure) {
      if (first == null) {
        first = failure;
      } else if (first != failure) {
        first.addSuppressed(failure);
      }
    }

    void throwFirst() {
      if (first instanceof Error error) {
        throw error;
      }
      if (first instanceof RuntimeException exception) {
        throw exception;
      }
    }
  }

  @Override
  public void run(int from, int to, Work work) {
    int all = Math.max(1, Math.min(parts, (to - from) / SMALLEST_PART));
    long length = (long) to - from;
    together(
        all,
        part -> {
          work.run(
              from + Math.toIntExact(length * part / all),
              from + Math.toIntExact(length * (part + 1) / all));
          return null;
        });
  }

  /** Tasks that run end first; later ones are refused. */
  @Override
  public void close() {
    if (others != null) {
      others.shutdown();
    }
  }
}
