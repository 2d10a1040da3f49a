// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.head;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.api.Binary;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ProblemCollector;
import org.bellows.conf.Settings;
import org.bellows.data.storage.Storage;

/**
 * The splits of feature files according to their footers, without Spark and without reading a row:
 * they contain the least and greatest split of each row group and how many of its rows have no
 * label or no features. A row group that holds several splits says too little: then {@link
 * HeadSamples} finds out.
 */
final class FeatureSplits {
  /** A column that is there in every row that has features. */
  private static final String OF_FEATURES = "features.type";

  /** Rows of each split that have a label and features, or more. */
  private final Map<String, Long> samples = new TreeMap<>();

  private boolean isKnown = true;

  private FeatureSplits() {}

  /**
   * @throws BellowsException (data) naming a file that cannot be read
   */
  static FeatureSplits of(Configuration hadoop, FeatureTable table) {
    FeatureSplits splits = new FeatureSplits();
    for (Path file : files(hadoop, table.folder())) {
      blocks(hadoop, file).forEach(splits::add);
    }
    return splits;
  }

  private static List<Path> files(Configuration hadoop, Path folder) {
    try {
      return Arrays.stream(Storage.fileSystem(hadoop, folder).listStatus(folder))
          .map(FileStatus::getPath)
          .filter(FeatureTable::isFeatureFile)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw Storage.failure("listing " + folder, e);
    }
  }

  private static List<BlockMetaData> blocks(Configuration hadoop, Path file) {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file, hadoop))) {
      return reader.getFooter().getBlocks();
    } catch (IOException e) {
      throw Storage.failure("reading " + file, e);
    } catch (RuntimeException e) {
      throw BellowsException.data(file + " is damaged: " + Storage.reason(e), e);
    }
  }

  private void add(BlockMetaData block) {
    Optional<String> split = split(block);
    if (split.isEmpty()) {
      isKnown = false;
      return;
    }
    long lacking = Math.max(nulls(block, FeatureTable.LABEL), nulls(block, OF_FEATURES));
    samples.merge(split.get(), block.getRowCount() - lacking, Long::sum);
  }

  /** The split of all rows of a group, if they have one and the same. */
  private static Optional<String> split(BlockMetaData block) {
    Optional<Statistics<?>> found = statistics(block, "split");
    if (found.isEmpty() || !found.get().hasNonNullValue() || found.get().getNumNulls() > 0) {
      return Optional.empty();
    }
    Statistics<?> statistics = found.get();
    return statistics.genericGetMin().equals(statistics.genericGetMax())
        ? Optional.of(((Binary) statistics.genericGetMin()).toStringUsingUTF8())
        : Optional.empty();
  }

  private static long nulls(BlockMetaData block, String name) {
    Optional<Statistics<?>> statistics = statistics(block, name);
    return statistics.isPresent() && statistics.get().isNumNullsSet()
        ? statistics.get().getNumNulls()
        : 0;
  }

  private static Optional<Statistics<?>> statistics(BlockMetaData block, String name) {
    for (ColumnChunkMetaData column : block.getColumns()) {
      if (column.getPath().toDotString().equals(name)) {
        return Optional.ofNullable(column.getStatistics());
      }
    }
    return Optional.empty();
  }

  /**
   * @throws BellowsException (data) when a split that is asked for is not there, or none of its
   *     rows has both a label and features
   */
  void require(Settings settings) {
    if (!isKnown) {
      return;
    }
    ProblemCollector problems = new ProblemCollector();
    List<String> keys = new ArrayList<>(List.of("train.split"));
    if (settings.head().validationFraction() == 0) {
      keys.add("train.validation-split");
    }
    for (String key : keys) {
      String split =
          key.equals("train.split") ? settings.train().split() : settings.train().validationSplit();
      problems.check(() -> require(split, key));
    }
    problems.requireNone();
  }

  private void require(String split, String key) {
    if (!samples.containsKey(split)) {
      throw HeadSamples.noSuchSplit(split, key, List.copyOf(samples.keySet()));
    }
    if (samples.get(split) == 0) {
      throw HeadSamples.noSamples(split, key);
    }
  }
}
