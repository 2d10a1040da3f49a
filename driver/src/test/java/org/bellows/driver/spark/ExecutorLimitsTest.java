// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.SparkConf;
import org.bellows.conf.ClusterSettings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.driver.spark.ExecutorLimits.Limit;
import org.junit.jupiter.api.Test;

class ExecutorLimitsTest {
  private static final long MEBIBYTE = 1 << 20;
  private static final ClusterSettings CLUSTER =
      new SettingsLoader()
          .set(
              List.of(
                  "cluster.executor-memory-mebibytes=3000",
                  "cluster.executor-overhead-mebibytes=1000"))
          .load(List.of(), List.of())
          .cluster();

  private static SparkConf conf(String... keysAndValues) {
    SparkConf conf = new SparkConf(false).set("spark.master", "yarn");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      conf.set(keysAndValues[i], keysAndValues[i + 1]);
    }
    return conf;
  }

  @Test
  void theClustersSettingsCountAndAreAskedOfSpark() {
    SparkConf conf = conf();
    ExecutorLimits limits = ExecutorLimits.of(conf, CLUSTER);
    assertThat(limits.heap())
        .isEqualTo(new Limit(3000 * MEBIBYTE, "cluster.executor-memory-mebibytes"));
    assertThat(limits.offHeap())
        .isEqualTo(new Limit(1000 * MEBIBYTE, "cluster.executor-overhead-mebibytes"));
    assertThat(limits.arrays()).isEqualTo(limits.offHeap());
    limits.applyTo(conf);
    assertThat(conf.get("spark.executor.memory")).isEqualTo("3000m");
    assertThat(conf.get("spark.executor.memoryOverhead")).isEqualTo("1000m");
    assertThat(conf.get("spark.executor.extraJavaOptions"))
        .isEqualTo(
            "-Dorg.bytedeco.javacpp.maxbytes=1048576000"
                + " -Dorg.bytedeco.javacpp.maxphysicalbytes=4194304000");
  }

  /** Spark's least overhead is 384 MiB; a share of the heap is not replaced by a number. */
  @Test
  void whatSparkWasToldCounts() {
    SparkConf conf =
        conf("spark.executor.memory", "4g", "spark.executor.memoryOverheadFactor", "0.25");
    ExecutorLimits limits = ExecutorLimits.of(conf, CLUSTER);
    assertThat(limits.heap()).isEqualTo(new Limit(4096 * MEBIBYTE, "spark.executor.memory"));
    assertThat(limits.offHeap())
        .isEqualTo(new Limit(1024 * MEBIBYTE, "spark.executor.memoryOverheadFactor"));
    limits.applyTo(conf);
    assertThat(conf.contains("spark.executor.memoryOverhead")).isFalse();
    conf.set("spark.executor.memoryOverheadFactor", "0.05");
    assertThat(ExecutorLimits.of(conf, CLUSTER).offHeap().bytes()).isEqualTo(384 * MEBIBYTE);
    conf.set("spark.executor.memoryOverhead", "2g");
    assertThat(ExecutorLimits.of(conf, CLUSTER).offHeap())
        .isEqualTo(new Limit(2048 * MEBIBYTE, "spark.executor.memoryOverhead"));
  }

  @Test
  void javaCppsOwnLimitCountsForArrays() {
    SparkConf conf =
        conf(
            "spark.executor.extraJavaOptions",
            "-Dorg.bytedeco.javacpp.maxbytes=100 -Dorg.bytedeco.javacpp.maxbytes=512m -Dother=1");
    assertThat(ExecutorLimits.of(conf, CLUSTER).arrays())
        .isEqualTo(
            new Limit(
                512 * MEBIBYTE,
                "org.bytedeco.javacpp.maxbytes in spark.executor.extraJavaOptions"));
  }

  @Test
  void oneProcessHasWhatItHas() {
    SparkConf conf = conf("spark.master", "local[2]");
    ExecutorLimits limits = ExecutorLimits.of(conf, CLUSTER);
    assertThat(limits.heap().bytes()).isEqualTo(Runtime.getRuntime().maxMemory());
    limits.applyTo(conf);
    assertThat(conf.contains("spark.executor.memory")).isFalse();
  }
}
