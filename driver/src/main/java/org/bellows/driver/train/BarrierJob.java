package org.bellows.driver.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;

/** Runs a segment as one barrier stage. JavaRDD has no barrier(): this goes through Scala's RDD. */
final class BarrierJob {
  private BarrierJob() {}

  /** Ignores the partition's content; the rank comes from the barrier context. */
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
      return JavaConverters.asScalaIterator(List.of(task.run()).iterator());
    }
  }

  /**
   * @return an outcome a task
   * @throws org.apache.spark.SparkException (unchecked, from Scala) when a task was lost
   */
  static List<SegmentOutcome> run(JavaSparkContext spark, int workers, SegmentTask task) {
    ClassTag<SegmentOutcome> tag = ClassTag$.MODULE$.apply(SegmentOutcome.class);
    RDD<Integer> ranks =
        spark.parallelize(IntStream.range(0, workers).boxed().toList(), workers).rdd();
    Object collected = ranks.barrier().mapPartitions(new Partition(task), false, tag).collect();
    return new ArrayList<>(List.of((SegmentOutcome[]) collected));
  }
}
