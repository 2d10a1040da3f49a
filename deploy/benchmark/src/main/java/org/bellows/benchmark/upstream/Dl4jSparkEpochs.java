// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.upstream;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.bellows.driver.baseline.Dl4jSparkTrainer;
import org.bellows.worker.train.TrainingPlan;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.dataset.DataSet;

/** {@code sync.mode = dl4j-spark}. */
public final class Dl4jSparkEpochs implements Dl4jSparkTrainer {
  @Override
  public String name() {
    String version = ParameterAveragingTrainingMaster.class.getPackage().getImplementationVersion();
    return "dl4j-spark's ParameterAveragingTrainingMaster" + (version == null ? "" : " " + version);
  }

  @Override
  public EpochTrainer begin(JavaSparkContext spark, TrainingPlan plan, int workers) {
    return new Epochs(spark, plan, workers, new Dl4jSparkNetwork(spark, plan, workers));
  }

  private record Epochs(
      JavaSparkContext spark, TrainingPlan plan, int workers, Dl4jSparkNetwork network)
      implements EpochTrainer {
    @Override
    public double epoch(int epoch) {
      // Upstream asks for an epoch's batches once for each of its splits. Blocks that do not fit
      // are stored on disk.
      JavaRDD<DataSet> batches =
          EpochBatches.of(spark, plan, epoch, workers).persist(StorageLevel.MEMORY_AND_DISK_SER());
      try {
        network.fit(batches);
      } finally {
        batches.unpersist();
      }
      return network.score();
    }

    @Override
    public float[] parameters() {
      return network.parameters();
    }
  }
}
