// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.upstream;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.benchmark.Dl4jNetwork;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.worker.train.TrainingPlan;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.dataset.DataSet;

/**
 * A network that dl4j-spark trains, averaging every {@code sync.period-steps} batches; the default
 * of both is five. Its other defaults are kept, but for three: the updater's state is averaged, too
 * (saveUpdater, documented as the default, is not), batches come from the executors instead of from
 * files that an export wrote once for all epochs, and the way samples are dealt out has a seed.
 */
final class Dl4jSparkNetwork {
  private final SparkComputationGraph network;

  Dl4jSparkNetwork(JavaSparkContext spark, TrainingPlan plan, int workers) {
    TrainingSettings settings = plan.settings();
    int batch = settings.train().laneBatch();
    ParameterAveragingTrainingMaster master =
        new ParameterAveragingTrainingMaster.Builder(workers, batch)
            .batchSizePerWorker(batch)
            .averagingFrequency(settings.sync().periodSteps())
            .saveUpdater(true)
            .rddTrainingApproach(RDDTrainingApproach.Direct)
            .rngSeed(settings.train().seed())
            .build();
    this.network =
        new SparkComputationGraph(
            spark,
            Dl4jNetwork.of(
                plan.network(),
                plan.input(),
                plan.classes().size(),
                settings,
                plan.schedule().at(0)),
            master);
  }

  /** Goes through the batches once. */
  void fit(JavaRDD<DataSet> batches) {
    network.fit(batches);
  }

  /** Mean loss of the last batches, with weight decay's part. */
  double score() {
    return network.getScore();
  }

  /** Flat. */
  float[] parameters() {
    return network.getNetwork().params().toFloatVector();
  }
}
