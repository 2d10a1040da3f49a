// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark.collective;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * The same exchange by Spark's own means: parameters go from the driver to every executor as a
 * broadcast, sums of the gradients come back by treeAggregate.
 */
final class SparkRound {
  private static final int DEPTH = 2;

  private final JavaSparkContext spark;
  private final JavaRDD<Integer> executors;
  private final float[] parameters;

  SparkRound(JavaSparkContext spark, int executors, int floats) {
    this.spark = spark;
    this.parameters = new float[floats];
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < executors; i++) {
      numbers.add(i);
    }
    this.executors = spark.parallelize(numbers, executors);
  }

  /**
   * @return seconds
   */
  double run() {
    long begin = System.nanoTime();
    Broadcast<float[]> sent = spark.broadcast(parameters);
    float[] sum =
        executors.treeAggregate(
            new float[0],
            (before, executor) -> add(before, sent.value().clone()),
            SparkRound::add,
            DEPTH);
    System.arraycopy(sum, 0, parameters, 0, parameters.length);
    double seconds = (System.nanoTime() - begin) * 1e-9;
    sent.destroy();
    return seconds;
  }

  /** Nothing is an empty array. */
  private static float[] add(float[] left, float[] right) {
    if (left.length == 0) {
      return right;
    }
    for (int i = 0; i < right.length; i++) {
      left[i] += right[i];
    }
    return left;
  }
}
