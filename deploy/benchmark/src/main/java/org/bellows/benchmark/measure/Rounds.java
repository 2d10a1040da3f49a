// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.measure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.conf.BellowsException;
import org.bellows.driver.benchmark.InterleavedRuns;

/**
 * Turns of contenders on one workload.
 *
 * @param threads that each may use
 * @param count how often each has its turn
 * @param seconds of a turn, which is one batch at least
 */
public record Rounds(int threads, int count, double seconds) {
  /** Threads of a pool spin for a while when they have nothing to do; then they sleep. */
  private static final long PAUSE_MILLIS = 50;

  /** Of {@link RoundOptions#words}. */
  public static final int WORDS = 3;

  /**
   * @param words {@link #WORDS} or more, of which the first count
   */
  public static Rounds of(List<String> words) {
    return new Rounds(
        Integer.parseInt(words.get(0)),
        Integer.parseInt(words.get(1)),
        Double.parseDouble(words.get(2)));
  }

  /**
   * A turn of each that does not count, then alternating ones. Before each turn there is a pause,
   * so that no thread of the contender before it takes a processor any more.
   *
   * @param batches by contender, what computes one batch
   * @param samples of a batch
   * @return rates in images
   */
  public InterleavedRuns take(Map<String, Runnable> batches, int samples) {
    Map<String, InterleavedRuns.Work> work = new LinkedHashMap<>();
    batches.forEach((name, batch) -> work.put(name, () -> (double) samples * turn(batch)));
    work.values().forEach(InterleavedRuns.Work::run);
    return InterleavedRuns.take(work, count, Rounds::pause);
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BellowsException.infrastructure("interrupted between two turns", e);
    }
  }

  /** Whole batches, at least one, until the turn is over. */
  private int turn(Runnable batch) {
    long begin = System.nanoTime();
    int done = 0;
    do {
      batch.run();
      done++;
    } while (System.nanoTime() - begin < seconds * 1e9);
    return done;
  }
}
