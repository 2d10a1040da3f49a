// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.transport.JobSecret;
import org.bellows.worker.collective.transport.Rendezvous;
import org.bellows.worker.collective.transport.Session;

/** Ranks as threads of one process, connected over real sockets on loopback. */
public final class Ranks {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private Ranks() {}

  /** Runs the work on every rank and returns what each had, in rank order. */
  public static <T> List<T> run(int size, Function<Communicator, T> work) {
    return run(size, TIMEOUT, work);
  }

  public static <T> List<T> run(int size, Duration timeout, Function<Communicator, T> work) {
    return run(size, new Session(JobSecret.random(), 1, false), timeout, work);
  }

  public static <T> List<T> run(
      int size, Session session, Duration timeout, Function<Communicator, T> work) {
    return run(List.of(size), session, timeout, work);
  }

  /**
   * On hosts with addresses of their own.
   *
   * @param ofHosts ranks of each
   */
  public static <T> List<T> onHosts(List<Integer> ofHosts, Function<Communicator, T> work) {
    return run(ofHosts, new Session(JobSecret.random(), 1, false), TIMEOUT, work);
  }

  private static <T> List<T> run(
      List<Integer> ofHosts, Session session, Duration timeout, Function<Communicator, T> work) {
    List<Rendezvous> doors = new ArrayList<>();
    for (int host = 0; host < ofHosts.size(); host++) {
      for (int i = 0; i < ofHosts.get(host); i++) {
        doors.add(Rendezvous.open("127.0.0." + (host + 1)));
      }
    }
    int size = doors.size();
    ExecutorService threads = Executors.newFixedThreadPool(size);
    List<String> addresses = doors.stream().map(Rendezvous::address).toList();
    try {
      List<Future<T>> futures = new ArrayList<>();
      for (int rank = 0; rank < size; rank++) {
        int own = rank;
        futures.add(
            threads.submit(
                () -> {
                  try (Communicator communicator =
                      doors.get(own).connect(session, addresses, own, timeout)) {
                    return work.apply(communicator);
                  }
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      doors.forEach(Rendezvous::close);
      threads.shutdownNow();
    }
  }
}
