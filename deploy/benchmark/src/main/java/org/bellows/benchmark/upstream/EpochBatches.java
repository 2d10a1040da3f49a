// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.upstream;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.bellows.benchmark.Dl4jNetwork;
import org.bellows.data.batch.LaneBatch;
import org.bellows.data.batch.TrainingBatches;
import org.bellows.models.graph.InputShape;
import org.bellows.worker.collective.reduce.EvenPartition;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.train.BatchFeed;
import org.bellows.worker.train.TrainingPlan;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The lane batches of an epoch as DL4J's users have them: read and decoded on the executors. */
final class EpochBatches {
  private EpochBatches() {}

  /**
   * @param workers partitions, each with its share of the lanes
   */
  static JavaRDD<DataSet> of(JavaSparkContext spark, TrainingPlan plan, int epoch, int workers) {
    SerializableConfiguration hadoop = new SerializableConfiguration(spark.hadoopConfiguration());
    return spark
        .parallelize(IntStream.range(0, workers).boxed().toList(), workers)
        .flatMap(
            worker ->
                read(
                    hadoop.value(),
                    plan,
                    epoch,
                    EvenPartition.of(plan.settings().train().lanes(), worker, workers)));
  }

  private static Iterator<DataSet> read(
      Configuration hadoop, TrainingPlan plan, int epoch, EvenPartition.IndexRange lanes) {
    NativeLibraries.load();
    // Executors of Bellows have the helpers on.
    Dl4jNetwork.switchHelpersOff();
    List<DataSet> all = new ArrayList<>();
    long steps = plan.stepsPerEpoch();
    try (BatchFeed feed = new BatchFeed(plan, hadoop, lanes)) {
      TrainingBatches batches = feed.from(epoch * steps, (epoch + 1) * steps, Optional.empty());
      for (LaneBatch batch = batches.next(); batch != null; batch = batches.next()) {
        all.add(asDl4j(batch, plan));
      }
    }
    return all.iterator();
  }

  private static DataSet asDl4j(LaneBatch batch, TrainingPlan plan) {
    InputShape shape = plan.input();
    long n = batch.size();
    float[] targets = batch.targets().ofClasses().distributions();
    return new DataSet(
        Nd4j.create(
            batch.pixels(), new long[] {n, shape.channels(), shape.height(), shape.width()}, 'c'),
        Nd4j.create(targets, new long[] {n, plan.classes().size()}, 'c'));
  }
}
