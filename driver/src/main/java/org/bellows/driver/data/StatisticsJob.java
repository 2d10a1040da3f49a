// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.bellows.conf.Settings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.Split;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.statistics.Anomaly;
import org.bellows.data.statistics.AnomalyKind;
import org.bellows.data.statistics.BlockScan;
import org.bellows.data.statistics.Duplicates;
import org.bellows.data.statistics.Fingerprint;
import org.bellows.data.statistics.SplitStatistics;
import org.bellows.data.statistics.SplitStatistics.Odd;
import org.bellows.driver.spark.BellowsFailures;
import org.bellows.driver.spark.BellowsFailures.Captured;
import scala.Tuple2;

/** Reads every sample of a dataset once. */
public final class StatisticsJob {
  private static final int TASKS_PER_EXECUTOR = 8;
  private static final int SHOWN_COPIES = 20;

  private StatisticsJob() {}

  /** Some consecutive blocks of a split. */
  private record Part(String split, int from, int to) implements Serializable {}

  /** The data that every task needs. */
  private record Task(SerializableConfiguration hadoop, String dataPath, DatasetManifest manifest)
      implements Serializable {
    BlockScan scan(Part part) {
      DatasetReader dataset = new DatasetReader(hadoop.value(), dataPath, manifest, part.split());
      return BlockScan.of(dataset, part.from(), part.to(), manifest.classes().size());
    }
  }

  /**
   * @param executors that work on it; decides only how finely the work is cut
   * @throws org.bellows.conf.BellowsException (data) naming a shard that cannot be read
   */
  public static DatasetStatistics run(
      JavaSparkContext spark, Settings settings, DatasetManifest manifest, int executors) {
    List<Part> parts = parts(manifest, executors);
    Task task =
        new Task(
            new SerializableConfiguration(spark.hadoopConfiguration()),
            settings.data().path(),
            manifest);
    JavaRDD<Captured<BlockScan>> scans =
        spark
            .parallelize(parts, Math.max(1, parts.size()))
            .map(part -> BellowsFailures.capture(() -> task.scan(part)))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      List<SplitStatistics> found =
          BellowsFailures.collect(scans.map(scan -> scan.map(BlockScan::statistics)));
      return new DatasetStatistics(merge(found), copies(scans));
    } finally {
      scans.unpersist();
    }
  }

  private static List<Part> parts(DatasetManifest manifest, int executors) {
    int blocks = manifest.splits().stream().mapToInt(split -> split.blockSamples().size()).sum();
    int size = Math.max(1, blocks / (executors * TASKS_PER_EXECUTOR));
    List<Part> parts = new ArrayList<>();
    for (Split split : manifest.splits()) {
      int end = split.blockSamples().size();
      for (int from = 0; from < end; from += size) {
        parts.add(new Part(split.name(), from, Math.min(end, from + size)));
      }
    }
    return parts;
  }

  private static List<SplitStatistics> merge(List<SplitStatistics> parts) {
    Map<String, SplitStatistics> splits = new LinkedHashMap<>();
    parts.forEach(part -> splits.merge(part.split(), part, SplitStatistics::merge));
    return List.copyOf(splits.values());
  }

  /** All scans succeeded: they were collected before. */
  private static List<Odd> copies(JavaRDD<Captured<BlockScan>> scans) {
    JavaRDD<Anomaly> groups =
        scans
            .flatMap(scan -> scan.value().fingerprints().iterator())
            .mapToPair(print -> new Tuple2<>(print.sha256(), print))
            .groupByKey()
            .values()
            .filter(StatisticsJob::isSeveral)
            .map(Duplicates::of)
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Map<AnomalyKind, Long> counts = new EnumMap<>(AnomalyKind.class);
      groups.map(Anomaly::kind).countByValue().forEach(counts::put);
      List<Odd> copies = new ArrayList<>();
      counts.forEach((kind, count) -> copies.add(new Odd(kind, count, first(groups, kind))));
      return copies;
    } finally {
      groups.unpersist();
    }
  }

  private static List<Anomaly> first(JavaRDD<Anomaly> groups, AnomalyKind kind) {
    return groups
        .filter(group -> group.kind() == kind)
        .takeOrdered(SHOWN_COPIES, Anomaly.MOST_FIRST);
  }

  private static boolean isSeveral(Iterable<Fingerprint> same) {
    Iterator<Fingerprint> each = same.iterator();
    each.next();
    return each.hasNext();
  }
}
