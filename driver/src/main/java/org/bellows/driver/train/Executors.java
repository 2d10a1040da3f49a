package org.bellows.driver.train;

import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;

/** Waits for executors: barrier stages cannot start with fewer slots than tasks. */
public final class Executors {
  private static final long POLL_MILLISECONDS = 100;

  private Executors() {}

  /**
   * @param atLeast executors that the caller can do with when the time is up
   * @return how many there are, at most {@code cluster.executors}
   * @throws BellowsException (infrastructure) with expected and actual number
   */
  public static int await(JavaSparkContext spark, Settings.Cluster cluster, int atLeast) {
    if (spark.isLocal()) {
      return 1;
    }
    long deadline = System.nanoTime() + cluster.startTimeoutSeconds() * 1_000_000_000L;
    int present = count(spark);
    while (present < cluster.executors()
        && !spark.sc().isStopped()
        && System.nanoTime() < deadline) {
      pause();
      present = count(spark);
    }
    if (spark.sc().isStopped()) {
      throw BellowsException.infrastructure(
          "Spark gave up on %s while executors were starting; its log says why"
              .formatted(spark.master()));
    }
    if (present < atLeast) {
      throw BellowsException.infrastructure(
          "only %d of %d executors registered with %s within %d s (cluster.start-timeout-seconds), needed at least %d"
              .formatted(
                  present,
                  cluster.executors(),
                  spark.master(),
                  cluster.startTimeoutSeconds(),
                  atLeast));
    }
    return Math.min(present, cluster.executors());
  }

  /** The driver counts as one in Spark's list. */
  private static int count(JavaSparkContext spark) {
    return Math.max(0, spark.sc().statusTracker().getExecutorInfos().length - 1);
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
