// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import java.time.Duration;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ClusterSettings;
import org.bellows.driver.spark.EndedBySignal;
import org.bellows.driver.spark.StartTimeout;

/** Waits for executors: barrier stages cannot start with fewer slots than tasks. */
public final class ClusterReadiness {
  private static final long POLL_MILLISECONDS = 100;

  private ClusterReadiness() {}

  /** As below, and waits {@code cluster.start-timeout-seconds} for all of them. */
  public static int await(JavaSparkContext spark, ClusterSettings cluster, int atLeast) {
    return await(spark, cluster, atLeast, Duration.ofSeconds(cluster.startTimeoutSeconds()));
  }

  /**
   * @param atLeast executors that the caller can do with when the time is up
   * @param forAll longest wait for the others, once there are so many
   * @return how many there are, at most {@code cluster.executors}
   * @throws BellowsException (infrastructure) with expected and actual number, and the last words
   *     of an executor that did not start
   */
  static int await(JavaSparkContext spark, ClusterSettings cluster, int atLeast, Duration forAll) {
    if (spark.isLocal()) {
      return 1;
    }
    StartTimeout patience = new StartTimeout(spark, cluster);
    long begun = System.nanoTime();
    int present = patience.ready();
    while (present < cluster.executors()
        && !spark.sc().isStopped()
        && !patience.isOver()
        && (present < atLeast || System.nanoTime() - begun < forAll.toNanos())) {
      pause();
      present = patience.ready();
    }
    if (spark.sc().isStopped()) {
      if (EndedBySignal.isUnderWay()) {
        throw EndedBySignal.during("executors were starting", null);
      }
      throw BellowsException.infrastructure(
          "Spark gave up on %s while executors were starting; its log says why"
              .formatted(spark.master()));
    }
    if (present < atLeast) {
      throw patience.failure(atLeast);
    }
    return Math.min(present, cluster.executors());
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BellowsException.infrastructure("interrupted while waiting for executors", e);
    }
  }
}
