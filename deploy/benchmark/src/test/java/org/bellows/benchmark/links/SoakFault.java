// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.util.List;
import java.util.Locale;
import java.util.Random;

/** What happens to a training in {@link LinkSoak}. The seconds are those for which it lasts. */
enum SoakFault {
  /** SIGKILL to an executor. */
  KILL(10, 0, 0),
  /** SIGTERM to an executor, as when it is preempted. */
  TERM(9, 0, 0),
  /** SIGPWR to an executor: Spark decommissions it. */
  DECOMMISSION(7, 0, 0),
  /** SIGSTOP to an executor, and SIGCONT before anybody gives up. */
  PAUSE(4, 1, 2),
  /** Likewise, after others have given up. */
  FREEZE(4, 10, 16),
  /** A host is cut off, and is there again before anybody gives up. */
  PARTITION(5, 1, 2),
  /** Likewise, after others have given up. */
  CUT_OFF(6, 8, 20),
  /** The host of the driver is cut off for a while. */
  DRIVER_CUT_OFF(3, 2, 5),
  /** The link of a host is slow. */
  SLOW(3, 3, 6),
  /** The link of a host loses one frame in a hundred. */
  LOSSY(3, 3, 6),
  /** A host ends with all that is on it, and comes back. */
  HOST_LOST(4, 2, 8),
  /** Spark's worker on a host is decommissioned; the host ends and comes back. */
  HOST_LEAVES(3, 6, 10),
  /** SIGKILL to the driver; the command is given again. */
  DRIVER_KILLED(3, 0, 0),
  /** SIGTERM to the driver; the command is given again. */
  DRIVER_TOLD(3, 0, 0);

  private final int count;
  private final int least;
  private final int most;

  /**
   * @param count of all in a hundred or so
   */
  SoakFault(int count, int least, int most) {
    this.count = count;
    this.least = least;
    this.most = most;
  }

  /** How often it happens. */
  int count() {
    return count;
  }

  double seconds(Random random) {
    return least + (most - least) * random.nextDouble();
  }

  static SoakFault random(Random random) {
    int sum = List.of(values()).stream().mapToInt(SoakFault::count).sum();
    int left = random.nextInt(sum);
    for (SoakFault fault : values()) {
      left -= fault.count;
      if (left < 0) {
        return fault;
      }
    }
    throw new AssertionError();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
