// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** A program of its own that fits, in one process. */
final class FitMain {
  private FitMain() {}

  /** Folder of pictures, folder for datasets and runs. */
  public static void main(String[] args) throws Exception {
    SparkSession.Builder session = SparkSession.builder();
    SessionSettings.of("cluster.executors=1").forEach(session::config);
    session.master("local[1]");
    try (SparkSession spark = session.getOrCreate()) {
      EstimatorSession.classifier(Path.of(args[1]))
          .fit(EstimatorSession.rows(spark, Path.of(args[0])));
    }
  }
}
