// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import java.io.Serializable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.bellows.conf.BellowsException;
import scala.collection.Iterator;
import scala.collection.Iterator$;
import scala.collection.immutable.Range$;
import scala.concurrent.Await;
import scala.concurrent.duration.Duration;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * Runs a segment as one barrier stage. JavaRDD has no barrier(): this goes through Scala's RDD.
 *
 * <p>Results are taken as they come, as Spark waits for a task that hangs for ever: when one rank
 * has given up on another, the driver must be able to do so, too.
 */
final class BarrierJob {
  private static final long LOOK_MILLISECONDS = 200;
  private static final long CANCEL_SECONDS = 5;

  /** Within it Spark ends a job that had tasks on an executor which is gone. */
  private static final long LOSS_SECONDS = 3;

  private BarrierJob() {}

  /** Ignores the partition's content; the task asks the barrier context where it is. */
  private static final class Partition
      extends AbstractFunction1<Iterator<Integer>, Iterator<SegmentOutcome>>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    private final SegmentTask task;

    Partition(SegmentTask task) {
      this.task = task;
    }

    @Override
    public Iterator<SegmentOutcome> apply(Iterator<Integer> ignored) {
      return Iterator$.MODULE$.single(task.run());
    }
  }

  /** The one outcome of a partition. */
  private static final class Only
      extends AbstractFunction1<Iterator<SegmentOutcome>, SegmentOutcome> implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public SegmentOutcome apply(Iterator<SegmentOutcome> outcomes) {
      return outcomes.next();
    }
  }

  /** On the driver, on the scheduler's thread. */
  private static final class Arrived extends AbstractFunction2<Object, SegmentOutcome, BoxedUnit> {
    private final SegmentResults arrivals;

    Arrived(SegmentResults arrivals) {
      this.arrivals = arrivals;
    }

    @Override
    public BoxedUnit apply(Object partition, SegmentOutcome outcome) {
      arrivals.add((Integer) partition, outcome);
      return BoxedUnit.UNIT;
    }
  }

  private static final class Nothing extends AbstractFunction0<BoxedUnit> {
    @Override
    public BoxedUnit apply() {
      return BoxedUnit.UNIT;
    }
  }

  /**
   * Returns when all ranks have come, or those that are left are overdue; their tasks are then
   * cancelled.
   *
   * @param isShort whether there are too few executors for tasks that have not begun
   * @throws Exception from Scala, where it is unchecked: SparkException when a task was lost, or an
   *     executor before its task had begun, where Spark would wait until there are as many again
   */
  static void run(
      JavaSparkContext spark, SegmentTask task, SegmentResults arrivals, BooleanSupplier isShort)
      throws Exception {
    int count = arrivals.partitions();
    RDD<Integer> partitions =
        spark.parallelize(IntStream.range(0, count).boxed().toList(), count).rdd();
    ClassTag<SegmentOutcome> tag = ClassTag$.MODULE$.apply(SegmentOutcome.class);
    SimpleFutureAction<BoxedUnit> job =
        spark
            .sc()
            .submitJob(
                partitions.barrier().mapPartitions(new Partition(task), false, tag),
                new Only(),
                Range$.MODULE$.apply(0, count),
                new Arrived(arrivals),
                new Nothing());
    long enough = System.nanoTime();
    while (!isDone(job, LOOK_MILLISECONDS)) {
      if (arrivals.isOverdue()) {
        job.cancel();
        if (!isDone(job, TimeUnit.SECONDS.toMillis(CANCEL_SECONDS))) {
          throw BellowsException.infrastructure("Spark does not cancel the job of a segment");
        }
        return;
      }
      if (!isShort.getAsBoolean()) {
        enough = System.nanoTime();
      } else if (System.nanoTime() - enough > TimeUnit.SECONDS.toNanos(LOSS_SECONDS)) {
        // Spark cancels no job whose stage it has not submitted yet, for want of slots.
        job.cancel();
        if (isDone(job, TimeUnit.SECONDS.toMillis(CANCEL_SECONDS))) {
          throw new SparkException("executors were lost before all tasks of a segment had begun");
        }
      }
    }
    job.value().get().get();
  }

  private static boolean isDone(SimpleFutureAction<BoxedUnit> job, long milliseconds) {
    try {
      Await.ready(job, Duration.create(milliseconds, TimeUnit.MILLISECONDS));
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      job.cancel();
      Thread.currentThread().interrupt();
      throw BellowsException.infrastructure("interrupted while executors were training", e);
    }
  }
}
