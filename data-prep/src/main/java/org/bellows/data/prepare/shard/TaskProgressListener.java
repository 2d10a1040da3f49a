// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.shard;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.util.LongAccumulator;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.Storage;

/**
 * Receives Spark's events about running tasks. An accumulator has a task's count only when the task
 * has ended; the counts of running tasks arrive with the executors' heartbeats.
 */
public final class TaskProgressListener extends SparkListener {
  private static final long HEAR_SECONDS = 2;

  private final ShardTask.Counters counters;
  private final Map<Long, Long> runningImages = new ConcurrentHashMap<>();
  private final Map<Long, Long> runningBytes = new ConcurrentHashMap<>();
  private final AtomicReference<ExceptionFailure> lastFailure = new AtomicReference<>();
  private final CountDownLatch failed = new CountDownLatch(1);

  public TaskProgressListener(ShardTask.Counters counters) {
    this.counters = counters;
  }

  long images() {
    return sum(counters.images(), runningImages);
  }

  long bytes() {
    return sum(counters.bytes(), runningBytes);
  }

  /**
   * Why the job failed, in the words of the task that did: Spark itself keeps only a text of it.
   *
   * @param doing the beginning of a sentence, for failures that were not understood
   */
  public BellowsException failure(String doing, Throwable cause) {
    if (!awaitFailure()) {
      return BellowsException.infrastructure(doing + " failed: " + Storage.reason(cause), cause);
    }
    ExceptionFailure failure = lastFailure.get();
    if (failure.exception().isDefined()
        && failure.exception().get() instanceof BellowsException understood) {
      return new BellowsException(understood.category(), understood.getMessage(), cause);
    }
    String reason = failure.description().lines().findFirst().orElse(failure.className());
    return BellowsException.infrastructure(doing + " failed: " + reason, cause);
  }

  /**
   * Spark tells of a task's end on another thread than of the job's, on a busy machine later.
   *
   * @return whether a task failed; an executor that is lost leaves none
   */
  private boolean awaitFailure() {
    try {
      return failed.await(HEAR_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return lastFailure.get() != null;
    }
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    for (var tasks = update.accumUpdates().iterator(); tasks.hasNext(); ) {
      var task = tasks.next();
      for (var counts = task._4().iterator(); counts.hasNext(); ) {
        AccumulableInfo count = counts.next();
        if (count.update().isDefined() && count.update().get() instanceof Long value) {
          Long id = (Long) task._1();
          if (count.id() == counters.images().id()) {
            runningImages.put(id, value);
          } else if (count.id() == counters.bytes().id()) {
            runningBytes.put(id, value);
          }
        }
      }
    }
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd task) {
    runningImages.remove(task.taskInfo().taskId());
    runningBytes.remove(task.taskInfo().taskId());
    if (task.reason() instanceof ExceptionFailure failure) {
      lastFailure.set(failure);
      failed.countDown();
    }
  }

  private static long sum(LongAccumulator ended, Map<Long, Long> running) {
    return ended.value() + running.values().stream().mapToLong(Long::longValue).sum();
  }
}
