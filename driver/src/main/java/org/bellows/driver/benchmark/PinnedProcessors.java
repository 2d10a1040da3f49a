// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import org.bellows.conf.BellowsException;

/**
 * Confines executors of this machine to a processor each. An executor of one core has more threads
 * than that: decoding, the compilers, collecting garbage. Where fewer executors than processors run
 * these get a second processor for nothing, and a rate of one executor would be that of almost two
 * cores. The driver, which on a cluster has a processor of its own, too, takes what they leave.
 */
public final class PinnedProcessors {
  private static final String EXECUTOR = "CoarseGrainedExecutorBackend";
  private static final Duration START = Duration.ofSeconds(60);

  private PinnedProcessors() {}

  /**
   * By {@code taskset} and {@code renice}, all threads that there are and whatever they start.
   *
   * @param executors of this process' {@code local-cluster}, which may still be starting
   * @throws BellowsException (infrastructure) when they do not start, or taskset fails or is
   *     missing
   */
  public static void giveToEach(int executors) {
    give(executors, Integer::toString);
  }

  /** Each may use the processors of all of them, for rounds in which only one computes. */
  public static void share(int executors) {
    give(executors, i -> "0-" + (executors - 1));
  }

  private static void give(int executors, IntFunction<String> processors) {
    try {
      List<Long> processes = awaitExecutors(executors);
      for (int i = 0; i < executors; i++) {
        run(List.of("taskset", "-a", "-c", "-p", processors.apply(i), processes.get(i).toString()));
      }
      giveWay();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BellowsException.infrastructure("interrupted while confining executors", e);
    }
  }

  private static List<Long> awaitExecutors(int executors) throws InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    List<Long> found = executorProcesses();
    while (found.size() != executors) {
      if (System.nanoTime() > deadline) {
        throw BellowsException.infrastructure(
            "%d executors run on this machine after %d s, expected %d"
                .formatted(found.size(), START.toSeconds(), executors),
            null);
      }
      Thread.sleep(100);
      found = executorProcesses();
    }
    return found;
  }

  private static List<Long> executorProcesses() {
    return ProcessHandle.current()
        .descendants()
        .map(ProcessHandle::pid)
        .filter(PinnedProcessors::isExecutor)
        .sorted()
        .toList();
  }

  /** All threads of this process. */
  private static void giveWay() throws InterruptedException {
    for (String thread : Path.of("/proc/self/task").toFile().list()) {
      try {
        run(List.of("renice", "-n", "19", "-p", thread));
      } catch (BellowsException e) {
        if (Files.exists(Path.of("/proc/self/task", thread))) {
          throw e;
        }
      }
    }
  }

  private static boolean isExecutor(long process) {
    Path commandLine = Path.of("/proc", Long.toString(process), "cmdline");
    try {
      return Files.readString(commandLine, StandardCharsets.ISO_8859_1).contains(EXECUTOR);
    } catch (IOException gone) {
      return false; // it ended while we looked
    }
  }

  private static void run(List<String> command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw BellowsException.infrastructure(
            "%s ended with status %d: %s"
                .formatted(String.join(" ", command), process.exitValue(), said.strip()),
            null);
      }
    } catch (IOException e) {
      throw BellowsException.infrastructure(
          "cannot run %s (%s); measure without --own-processors"
              .formatted(command.get(0), e.getMessage()),
          e);
    }
  }
}
