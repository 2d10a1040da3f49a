// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.upstream;

import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.bellows.conf.Settings;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.worker.train.TrainingPlan;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Upstream's epochs on batches that are decoded in the executors' memory beforehand: in its favour.
 */
final class Dl4jSparkTraining {
  private final JavaRDD<DataSet> batches;
  private final Dl4jSparkNetwork network;
  private final long samples;

  Dl4jSparkTraining(JavaSparkContext spark, Settings settings) {
    TrainingPlan plan =
        new TrainingPlan(
            TrainingSettings.of(settings),
            ManifestFile.read(spark.hadoopConfiguration(), settings.data().path()));
    int workers = settings.cluster().executors();
    this.samples = plan.stepsPerEpoch() * settings.train().globalBatch();
    this.batches = EpochBatches.of(spark, plan, 0, workers).persist(StorageLevel.MEMORY_ONLY());
    batches.count();
    this.network = new Dl4jSparkNetwork(spark, plan, workers);
  }

  long samples() {
    return samples;
  }

  /**
   * An epoch.
   *
   * @return images/s, from beginning to end
   */
  double epoch() {
    long begin = System.nanoTime();
    network.fit(batches);
    return samples / ((System.nanoTime() - begin) * 1e-9);
  }
}
