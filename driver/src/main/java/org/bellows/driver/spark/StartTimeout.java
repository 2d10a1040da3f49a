// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ClusterSettings;

/**
 * How long one waits for executors: {@code cluster.start-timeout-seconds}, or until so many have
 * died while they started that the next will, too. Spark itself starts another in the place of each
 * that dies, for ever.
 */
public final class StartTimeout {
  /** Executors that may die while they start, for each that is wanted; at least the second. */
  private static final int FAILED_STARTS_AN_EXECUTOR = 2;

  private static final int LEAST_FAILED_STARTS = 6;

  private final JavaSparkContext spark;
  private final ClusterSettings cluster;
  private final ExecutorStarts starts;
  private final ExecutorLogs logs;
  private final long beganNanos = System.nanoTime();
  private final int failedBefore;

  public StartTimeout(JavaSparkContext spark, ClusterSettings cluster) {
    this.spark = spark;
    this.cluster = cluster;
    this.starts = BellowsPlugin.starts();
    this.logs = ExecutorLogs.of(spark.sc().applicationId(), System.getenv());
    this.failedBefore = failedSinceSparkStarted();
  }

  /** How many executors can take tasks. */
  public int ready() {
    return starts.ready();
  }

  public boolean isOver() {
    return seconds() >= cluster.startTimeoutSeconds() || isHopeless();
  }

  private double seconds() {
    return (System.nanoTime() - beganNanos) * 1e-9;
  }

  private boolean isHopeless() {
    return failed()
        >= Math.max(LEAST_FAILED_STARTS, FAILED_STARTS_AN_EXECUTOR * cluster.executors());
  }

  /** How many have died while they started since this wait began. */
  private int failed() {
    return failedSinceSparkStarted() - failedBefore;
  }

  /**
   * Of executors that never registered only the folders are known; some may be starting just now.
   */
  private int failedSinceSparkStarted() {
    long silent =
        logs.executors().stream().filter(executor -> !starts.hasRegistered(executor)).count();
    long starting = Math.max(0, cluster.executors() - starts.present());
    return starts.failed() + (int) Math.max(0, silent - starting);
  }

  /**
   * Why there are too few, in one sentence: numbers, the last error of an executor, the path of its
   * log.
   *
   * @param needed executors
   */
  public BellowsException failure(int needed) {
    String what =
        isHopeless()
            ? "%d executors of %s ended while they started, and %d of %d are ready, needed at least %d (gave up after %.0f s)"
                .formatted(
                    failed(), spark.master(), ready(), cluster.executors(), needed, seconds())
            : "only %d of %d executors registered with %s and were ready within %d s (cluster.start-timeout-seconds), needed at least %d"
                .formatted(
                    ready(),
                    cluster.executors(),
                    spark.master(),
                    cluster.startTimeoutSeconds(),
                    needed);
    return BellowsException.infrastructure(what + "; " + lastWords());
  }

  private String lastWords() {
    List<String> dead =
        logs.executors().stream().filter(executor -> !starts.isReady(executor)).toList();
    // The newest may be starting just now, and have said half of it: older ones have ended.
    int starting = Math.min(cluster.executors(), dead.size());
    List<String> endedFirst = new ArrayList<>(dead.subList(starting, dead.size()));
    endedFirst.addAll(dead.subList(0, starting));
    for (String executor : endedFirst) {
      Optional<ExecutorLogs.LastWords> words = logs.lastWords(executor);
      if (words.isPresent()) {
        return "the last words of executor %s: %s (its log: %s)"
            .formatted(executor, words.get().error(), words.get().log());
      }
    }
    return starts
        .last()
        .map(StartTimeout::ending)
        .orElse(
            "the reason is in the logs of the cluster manager (application %s)"
                .formatted(spark.sc().applicationId()));
  }

  private static String ending(ExecutorStarts.Ended ended) {
    return "the last that ended, executor %s on %s: %s (its log: %s)"
        .formatted(
            ended.executor(),
            ended.host(),
            ended.reason(),
            ended.log() == null ? "with the cluster manager" : ended.log());
  }
}
