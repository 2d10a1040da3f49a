// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ClusterSettings;

/**
 * A Spark job that ends when its executors have gone and no other becomes ready in their place:
 * Spark itself waits for ever.
 */
public final class MonitoredJob implements AutoCloseable {
  private static final long LOOK_MILLISECONDS = 500;

  private final JavaSparkContext spark;
  private final ClusterSettings cluster;
  private final Thread guard = new Thread(this::guard, "bellows-job-guard");
  private volatile BellowsException failure;
  private volatile boolean isDone;

  private MonitoredJob(JavaSparkContext spark, ClusterSettings cluster) {
    this.spark = spark;
    this.cluster = cluster;
    guard.setDaemon(true);
    guard.start();
  }

  /**
   * @param job one Spark job or several, which may throw whatever cancelled ones do
   * @throws BellowsException (infrastructure) saying why there are no executors, as {@link
   *     StartTimeout} has it
   */
  public static <T> T run(JavaSparkContext spark, ClusterSettings cluster, Supplier<T> job) {
    try {
      return call(spark, cluster, job::get);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the Spark job failed", e);
    }
  }

  /** As above, for a job that throws checked exceptions, as Spark's do without saying so. */
  public static <T> T call(JavaSparkContext spark, ClusterSettings cluster, Callable<T> job)
      throws Exception {
    if (spark.isLocal()) {
      return job.call();
    }
    try (MonitoredJob guarded = new MonitoredJob(spark, cluster)) {
      try {
        return job.call();
      } catch (Exception e) {
        if (guarded.failure == null) {
          throw e;
        }
        guarded.failure.addSuppressed(e);
        throw guarded.failure;
      }
    }
  }

  private void guard() {
    StartTimeout patience = null;
    while (!isDone && !spark.sc().isStopped()) {
      if (failure != null) {
        // The job may consist of several, of which the next has come meanwhile.
        spark.sc().cancelAllJobs();
      } else if (BellowsPlugin.starts().ready() > 0) {
        patience = null;
      } else if (patience == null) {
        patience = new StartTimeout(spark, cluster);
      } else if (patience.isOver()) {
        failure = patience.failure(1);
        continue;
      }
      try {
        Thread.sleep(LOOK_MILLISECONDS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  @Override
  public void close() {
    isDone = true;
    guard.interrupt();
  }
}
