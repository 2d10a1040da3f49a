// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Real Spark in this JVM. */
final class TestSpark {
  private TestSpark() {}

  static JavaSparkContext local(int threads) {
    return new JavaSparkContext(
        new SparkConf()
            .setMaster("local[" + threads + "]")
            .setAppName("test")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1"));
  }
}
