// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import org.apache.spark.SparkConf;

/**
 * Options of an executor's Java, which runs on the same cores as the maths: a pause on one executor
 * is a pause on all, as they take each step together.
 */
final class ExecutorJvm {
  private static final String DEFAULTS = "spark.executor.defaultJavaOptions";

  /**
   * The heavy work is native code and a few long loops over arrays. Those are soon compiled with
   * all optimisations, as usual; the rest (Spark, Hadoop, Parquet), whose methods would one by one
   * become hot enough in the first minutes, only after many more calls. Java's own values are
   * 5,000, 15,000 and 40,000.
   */
  static final String COMPILER =
      "-XX:Tier4InvocationThreshold=200000 -XX:Tier4CompileThreshold=1000000"
          + " -XX:Tier4BackEdgeThreshold=1000000";

  private ExecutorJvm() {}

  /** Java takes the last of several values: what the user says wins. */
  static void setDefaults(SparkConf conf) {
    conf.set(DEFAULTS, (COMPILER + " " + conf.get(DEFAULTS, "")).trim());
  }
}
