// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.progress;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.util.LongAccumulator;

/**
 * Says how many images of a job are done. An accumulator has a task's count only when the task has
 * ended; what running tasks counted so far comes with the executors' heartbeats.
 */
public final class ImageWatch extends SparkListener {
  private final String command;
  private final LongAccumulator counter;
  private final ProgressLine progress;
  private final Map<Long, Long> running = new ConcurrentHashMap<>();
  private volatile long expected;
  private volatile long startNanos;

  /**
   * @param command that the line begins with
   */
  public ImageWatch(JavaSparkContext spark, String command, ProgressLine progress) {
    this.command = command;
    this.counter = spark.sc().longAccumulator("images");
    this.progress = progress;
  }

  /** Tasks add to it. */
  public LongAccumulator counter() {
    return counter;
  }

  /** The clock starts: what came before was listing. */
  public void expect(long images) {
    startNanos = System.nanoTime();
    expected = images;
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    for (var tasks = update.accumUpdates().iterator(); tasks.hasNext(); ) {
      var task = tasks.next();
      for (var counts = task._4().iterator(); counts.hasNext(); ) {
        AccumulableInfo count = counts.next();
        if (count.id() == counter.id()
            && count.update().isDefined()
            && count.update().get() instanceof Long value) {
          running.put((Long) task._1(), value);
        }
      }
    }
    show();
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd task) {
    running.remove(task.taskInfo().taskId());
    show();
  }

  private void show() {
    if (expected > 0) {
      long done = counter.value() + running.values().stream().mapToLong(Long::longValue).sum();
      progress.show(text(done, (System.nanoTime() - startNanos) * 1e-9));
    }
  }

  String text(long done, double seconds) {
    double rate = done / Math.max(seconds, 1e-9);
    return String.format(
        Locale.ROOT,
        "%s  %,d/%,d images  %,.0f images/s  left %s",
        command,
        done,
        expected,
        rate,
        done == 0 ? "?" : ProgressLine.clock((expected - done) / rate));
  }
}
