// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.baseline;

import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.worker.train.TrainingPlan;

/** Upstream's trainer, which another jar brings and names in {@code META-INF/services}. */
public interface Dl4jSparkTrainer {
  /** Name and version, for the model's card. */
  String name();

  /**
   * @param workers executors that are there
   */
  EpochTrainer begin(JavaSparkContext spark, TrainingPlan plan, int workers);

  /** A training that proceeds epoch by epoch. */
  interface EpochTrainer {
    /**
     * Brings the samples of an epoch to the executors, shuffled and augmented as in any other
     * training, and trains on them.
     *
     * @return upstream's score: the mean loss of its last batches in nats, with weight decay's part
     */
    double epoch(int epoch);

    /** Flat, in DL4J's order. */
    float[] parameters();
  }
}
