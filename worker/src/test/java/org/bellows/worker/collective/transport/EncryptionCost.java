// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.transport;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.bellows.worker.Ranks;
import org.bellows.worker.collective.BufferRegion;

/**
 * What encryption costs: two ranks on loopback send each other 25.6 million floats (ResNet-50's
 * parameters), plain and encrypted in turn. Prints medians. A main, not a test: figures depend on
 * the machine.
 */
public final class EncryptionCost {
  private static final int FLOATS = 25_600_000;
  private static final int ROUNDS = 11;

  private EncryptionCost() {}

  public static void main(String[] args) {
    double[][] seconds = new double[2][ROUNDS];
    long[] allocated = new long[2];
    for (int round = 0; round < ROUNDS + 2; round++) {
      for (int encrypted = 0; encrypted < 2; encrypted++) {
        double[] measured = round(encrypted == 1);
        // The first two rounds warm up the compiler.
        if (round >= 2) {
          seconds[encrypted][round - 2] = measured[0];
          allocated[encrypted] = (long) measured[1];
        }
      }
    }
    for (int encrypted = 0; encrypted < 2; encrypted++) {
      Arrays.sort(seconds[encrypted]);
      double median = seconds[encrypted][ROUNDS / 2];
      System.out.printf(
          "%s: median %.3f s (%.3f to %.3f), %.0f MB/s each way, %d bytes allocated by the"
              + " receiving thread in one swap%n",
          encrypted == 1 ? "encrypted" : "plain",
          median,
          seconds[encrypted][0],
          seconds[encrypted][ROUNDS - 1],
          FLOATS * 4 / 1e6 / median,
          allocated[encrypted]);
    }
  }

  /** Seconds of the fourth of four swaps, and bytes allocated in it. */
  private static double[] round(boolean encrypted) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Session session = new Session(JobSecret.random(), 1, encrypted);
    return Ranks.run(
            2,
            session,
            Duration.ofSeconds(60),
            communicator -> {
              List<BufferRegion> mine = List.of(new BufferRegion(new float[FLOATS], 0, FLOATS));
              List<BufferRegion> theirs = List.of(new BufferRegion(new float[FLOATS], 0, FLOATS));
              double[] measured = new double[2];
              for (int swap = 0; swap < 4; swap++) {
                long thread = Thread.currentThread().getId();
                long before = threads.getThreadAllocatedBytes(thread);
                long start = System.nanoTime();
                communicator.exchange("swap " + swap, other -> mine, other -> theirs);
                measured[0] = (System.nanoTime() - start) * 1e-9;
                measured[1] = threads.getThreadAllocatedBytes(thread) - before;
              }
              return measured;
            })
        .get(0);
  }
}
