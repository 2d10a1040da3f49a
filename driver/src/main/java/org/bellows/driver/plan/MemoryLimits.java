// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bellows.conf.BellowsException;
import org.bellows.driver.spark.ExecutorLimits;
import org.bellows.worker.forecast.ExecutorMemory;

/** The memory that an executor needs, beside how much it may take. */
final class MemoryLimits {
  private static final long MEBIBYTE = 1 << 20;

  private MemoryLimits() {}

  /**
   * @param who "an executor that ..."
   * @param lower "lower ...", the settings that would make it need less
   * @throws BellowsException (configuration) with both numbers and what to change, when it would
   *     not fit
   */
  static void require(String who, ExecutorMemory needed, ExecutorLimits limits, String lower) {
    List<String> tooLittle = new ArrayList<>();
    List<String> raise = new ArrayList<>();
    check("of heap", needed.heapBytes(), limits.heap(), tooLittle, raise);
    check("off heap", needed.offHeapBytes(), limits.offHeap(), tooLittle, raise);
    if (limits.arrays().bytes() < limits.offHeap().bytes()) {
      check("for arrays off heap", needed.arrayBytes(), limits.arrays(), tooLittle, raise);
    }
    if (!tooLittle.isEmpty()) {
      throw BellowsException.configuration(
          "%s needs %s; raise %s, or %s"
              .formatted(who, String.join(" and ", tooLittle), String.join(" and ", raise), lower));
    }
  }

  private static void check(
      String what,
      long needed,
      ExecutorLimits.Limit limit,
      List<String> tooLittle,
      List<String> raise) {
    if (needed > limit.bytes()) {
      tooLittle.add(
          "%s MiB %s (it may take %s)"
              .formatted(mebibytes(needed), what, mebibytes(limit.bytes())));
      raise.add(limit.key());
    }
  }

  /** Rounded up, so that what is printed is enough. */
  static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%,d", (bytes + MEBIBYTE - 1) / MEBIBYTE);
  }
}
