// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.bellows.conf.ClusterSettings;
import org.bytedeco.javacpp.Pointer;

/**
 * How much an executor may take: what Spark's own settings say, where they are given, else {@code
 * cluster.executor-memory-mebibytes} and {@code cluster.executor-overhead-mebibytes}.
 *
 * @param heap of Java
 * @param offHeap of everything else
 * @param arrays the part of that which JavaCPP gives out for arrays
 */
public record ExecutorLimits(Limit heap, Limit offHeap, Limit arrays) {
  private static final long MEBIBYTE = 1 << 20;
  private static final String HEAP = "spark.executor.memory";
  private static final String OVERHEAD = "spark.executor.memoryOverhead";
  private static final String OVERHEAD_FACTOR = "spark.executor.memoryOverheadFactor";
  private static final String OPTIONS = "spark.executor.extraJavaOptions";
  private static final String JAVACPP = "org.bytedeco.javacpp.maxbytes";

  private static final String SPARKS_HEAP = "1g";
  private static final String SPARKS_OVERHEAD_FACTOR = "0.1";

  /** Spark's least overhead where it is a share of the heap. */
  private static final long LEAST_OVERHEAD = 384 * MEBIBYTE;

  private static final Pattern JAVACPP_OPTION =
      Pattern.compile("-D" + JAVACPP.replace(".", "\\.") + "=(\\d+)([kmgt]?)b?(\\s|$)");

  /**
   * @param key the setting that says so
   */
  public record Limit(long bytes, String key) {}

  public static ExecutorLimits of(SparkConf conf, ClusterSettings cluster) {
    if (SparkContexts.isOneProcess(conf)) {
      String key = "-Xmx (BELLOWS_JAVA_OPTIONS) of this process";
      Limit arrays = new Limit(Pointer.maxBytes(), key);
      return new ExecutorLimits(
          new Limit(Runtime.getRuntime().maxMemory(), key),
          new Limit(Long.MAX_VALUE, "the machine's memory"),
          arrays);
    }
    Limit heap =
        conf.contains(HEAP)
            ? new Limit(conf.getSizeAsMb(HEAP) * MEBIBYTE, HEAP)
            : new Limit(
                cluster.executorMemoryMebibytes() * MEBIBYTE, "cluster.executor-memory-mebibytes");
    Limit offHeap = offHeap(conf, cluster, heap.bytes());
    return new ExecutorLimits(heap, offHeap, arrays(conf.get(OPTIONS, ""), offHeap));
  }

  /** Of executors that another program has started: Spark's defaults hold where it says nothing. */
  static ExecutorLimits ofRunning(SparkConf running, ClusterSettings cluster) {
    SparkConf conf = running.clone();
    if (SparkContexts.isOneProcess(conf)) {
      return of(conf, cluster);
    }
    conf.setIfMissing(HEAP, SPARKS_HEAP);
    if (!conf.contains(OVERHEAD)) {
      conf.setIfMissing(OVERHEAD_FACTOR, SPARKS_OVERHEAD_FACTOR);
    }
    ExecutorLimits limits = of(conf, cluster);
    // JavaCPP gives out as much as the heap has where it is not told.
    return JAVACPP_OPTION.matcher(conf.get(OPTIONS, "")).find()
        ? limits
        : new ExecutorLimits(limits.heap(), limits.offHeap(), limits.heap());
  }

  private static Limit offHeap(SparkConf conf, ClusterSettings cluster, long heap) {
    if (conf.contains(OVERHEAD)) {
      return new Limit(conf.getSizeAsMb(OVERHEAD) * MEBIBYTE, OVERHEAD);
    }
    if (conf.contains(OVERHEAD_FACTOR)) {
      long share = (long) (conf.getDouble(OVERHEAD_FACTOR, 0) * heap);
      return new Limit(Math.max(LEAST_OVERHEAD, share), OVERHEAD_FACTOR);
    }
    return new Limit(
        cluster.executorOverheadMebibytes() * MEBIBYTE, "cluster.executor-overhead-mebibytes");
  }

  /** The last of several counts, as in Java itself. */
  private static Limit arrays(String options, Limit offHeap) {
    Limit limit = offHeap;
    Matcher given = JAVACPP_OPTION.matcher(options);
    while (given.find()) {
      char unit = given.group(2).isEmpty() ? ' ' : given.group(2).charAt(0);
      long bytes = Long.parseLong(given.group(1)) << (10 * " kmgt".indexOf(unit));
      limit = new Limit(bytes, JAVACPP + " in " + OPTIONS);
    }
    return limit;
  }

  /** Asks Spark for as much, and tells JavaCPP, which refuses to allocate more. */
  void applyTo(SparkConf conf) {
    if (SparkContexts.isOneProcess(conf)) {
      return;
    }
    conf.setIfMissing(HEAP, heap.bytes() / MEBIBYTE + "m");
    if (!conf.contains(OVERHEAD_FACTOR)) {
      conf.setIfMissing(OVERHEAD, offHeap.bytes() / MEBIBYTE + "m");
    }
    String options =
        "-D%s=%d -Dorg.bytedeco.javacpp.maxphysicalbytes=%d"
            .formatted(JAVACPP, offHeap.bytes(), heap.bytes() + offHeap.bytes());
    conf.set(OPTIONS, (options + " " + conf.get(OPTIONS, "")).trim());
  }
}
