// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The messages of the ranks of one segment so far. Called by Spark's threads. */
final class SegmentResults {
  private final long started = System.nanoTime();
  private final int partitions;
  private final Duration timeout;

  /** Guarded by this; in the order of arrival. */
  private final List<SegmentOutcome> outcomes = new ArrayList<>();

  /** Guarded by this; partitions. */
  private final Set<Integer> missing = new TreeSet<>();

  /** Guarded by this. */
  private long first;

  /**
   * @param timeout longest wait for the others once a rank has failed; once one is done, they may
   *     take as long as it did besides
   */
  SegmentResults(int partitions, Duration timeout) {
    this.partitions = partitions;
    this.timeout = timeout;
    for (int partition = 0; partition < partitions; partition++) {
      missing.add(partition);
    }
  }

  int partitions() {
    return partitions;
  }

  synchronized void add(int partition, SegmentOutcome outcome) {
    if (outcomes.isEmpty()) {
      first = System.nanoTime();
    }
    outcomes.add(outcome);
    missing.remove(partition);
  }

  synchronized List<SegmentOutcome> outcomes() {
    return List.copyOf(outcomes);
  }

  /**
   * The failure that caused the others, as far as can be known. Kinds are in the order in which one
   * is the cause of another; of equals it is the first that was reported.
   */
  synchronized Optional<SegmentOutcome> cause() {
    return outcomes.stream()
        .filter(outcome -> outcome.failure() != null)
        .min(Comparator.comparing(outcome -> outcome.failure().kind()));
  }

  /** Partitions of those that have not come. */
  synchronized Set<Integer> missing() {
    return Set.copyOf(missing);
  }

  /** Whether a rank is overdue: ranks do equal work and wait for each other. */
  synchronized boolean isOverdue() {
    if (outcomes.isEmpty() || missing.isEmpty()) {
      return false;
    }
    boolean failed = outcomes.stream().anyMatch(outcome -> outcome.failure() != null);
    long allowed = timeout.toNanos() + (failed ? 0 : first - started);
    return System.nanoTime() - first > allowed;
  }
}
