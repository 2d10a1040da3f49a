// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark.collective;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bellows.conf.BellowsException;

/**
 * How the processes of a measurement find each other: each puts what it has to say into a file of a
 * folder that they share.
 */
record ProcessRendezvous(Path folder, int rank, int size) {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long PAUSE_MILLIS = 20;

  /**
   * Sends the others a line and returns theirs.
   *
   * @param what names the question
   * @return by rank, own one included
   */
  List<String> swap(String what, String mine) {
    try {
      Path unfinished = folder.resolve("." + what + "-" + rank);
      Files.writeString(unfinished, mine, StandardCharsets.UTF_8);
      Files.move(unfinished, file(what, rank), StandardCopyOption.ATOMIC_MOVE);
      List<String> all = new ArrayList<>();
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      for (int other = 0; other < size; other++) {
        await(what, other, deadline);
        all.add(Files.readString(file(what, other), StandardCharsets.UTF_8));
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BellowsException.infrastructure("interrupted while waiting for " + what, e);
    }
  }

  private void await(String what, int other, long deadline) throws InterruptedException {
    while (!Files.exists(file(what, other))) {
      if (System.nanoTime() > deadline) {
        throw BellowsException.infrastructure(
            "rank %d did not say its %s within %d s".formatted(other, what, PATIENCE.toSeconds()));
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  private Path file(String what, int of) {
    return folder.resolve(what + "-" + of);
  }
}
