// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ClusterSettings;
import org.bellows.driver.spark.BellowsPlugin;
import org.bellows.driver.spark.ExecutorStarts;

/** Who is there for a run: how long it waits for executors, who leaves, and who came back. */
final class RunExecutors implements AutoCloseable {
  private static final long PAUSE_MILLISECONDS = 20;

  /** For Spark to notice that a process which was let go has ended. */
  private static final long FAREWELL_SECONDS = 10;

  private final JavaSparkContext spark;
  private final ClusterSettings cluster;
  private final ExecutorStarts starts;

  /** From here to {@link #close} executors that are told to end stay for their ranks' sake. */
  RunExecutors(JavaSparkContext spark, ClusterSettings cluster) {
    this.spark = spark;
    this.cluster = cluster;
    this.starts = BellowsPlugin.starts();
    // Those that were told to end before have no rank of this run.
    starts.release();
    starts.keepLeaving(Duration.ofSeconds(cluster.stopGraceSeconds()));
  }

  /** Waits for those that the run begins with: all. */
  int awaitAll() {
    return ClusterReadiness.await(spark, cluster, cluster.executors());
  }

  /** Waits a short time for those that replace lost ones. */
  int awaitReplacements() {
    letLeave();
    return ClusterReadiness.await(
        spark,
        cluster,
        cluster.minExecutors(),
        Duration.ofSeconds(cluster.replaceTimeoutSeconds()));
  }

  /** Those that are there now, if they are enough. */
  int present() {
    return ClusterReadiness.await(spark, cluster, cluster.minExecutors(), Duration.ZERO);
  }

  /** Whether there are more than the run trains on, and it wants them. */
  boolean couldGrow(int workers) {
    return !spark.isLocal() && workers < cluster.executors() && starts.ready() > workers;
  }

  /** Whether some of those that the run trains on are gone, between one segment and the next. */
  boolean areFewerThan(int workers) {
    return !spark.isLocal() && starts.readyOrLeaving() < workers;
  }

  /** How many Spark gives tasks to: not to those that it has decommissioned. */
  int active() {
    return spark.isLocal()
        ? 1
        : starts.readyOrLeaving() - starts.decommissioned(this::isDecommissioned).size();
  }

  private boolean isDecommissioned(String executor) {
    return spark.sc().taskScheduler().getExecutorDecommissionState(executor).isDefined();
  }

  /**
   * Whether some take no tasks any more, or are gone, and all of those were told to end: between
   * one segment and the next.
   */
  boolean areLeaving(int workers) {
    int active = active();
    return active < workers && starts.readyOrLeaving() + starts.left() >= workers;
  }

  /**
   * Whether one of these was not told to end.
   *
   * @param gone executors that have gone
   */
  boolean isOneLost(Set<String> gone) {
    return !gone.stream().allMatch(starts::isToldToEnd);
  }

  /**
   * A rank has said that its executor was told to end, which the driver is yet to hear.
   *
   * @param ofRanks executors, more of which may become known meanwhile
   */
  void awaitNotice(Supplier<Set<String>> ofRanks) {
    boolean unused =
        await(
            () -> {
              starts.decommissioned(this::isDecommissioned);
              return ofRanks.get().stream().anyMatch(starts::isToldToEnd);
            },
            PAUSE_MILLISECONDS);
  }

  /**
   * Lets those go that were told to end, and returns when they have gone: Spark gives tasks to
   * whoever is there.
   *
   * @return each with its host
   */
  List<String> letLeave() {
    starts.decommissioned(this::isDecommissioned);
    List<String> leaving = starts.release();
    long deadline = System.nanoTime() + Duration.ofSeconds(FAREWELL_SECONDS).toNanos();
    try {
      while (starts.isOneLeaving() && System.nanoTime() < deadline) {
        Thread.sleep(PAUSE_MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BellowsException.infrastructure("interrupted while executors left", e);
    }
    return leaving;
  }

  /**
   * Waits for what executors have still to do before they go, for {@code
   * cluster.stop-grace-seconds} at most.
   *
   * @param pauseMilliseconds from one question to the next
   * @return whether it is done
   */
  boolean await(BooleanSupplier isDone, long pauseMilliseconds) {
    long deadline = System.nanoTime() + Duration.ofSeconds(cluster.stopGraceSeconds()).toNanos();
    try {
      while (!isDone.getAsBoolean()) {
        if (System.nanoTime() > deadline) {
          return false;
        }
        Thread.sleep(pauseMilliseconds);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BellowsException.infrastructure("interrupted while executors left", e);
    }
  }

  @Override
  public void close() {
    starts.keepLeaving(Duration.ZERO);
  }
}
