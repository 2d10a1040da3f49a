// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.head;

import java.util.List;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.text.Words;
import org.bellows.data.random.SplittableSeeds;

/**
 * The samples that a head learns from, is chosen by, and is tested on. Each set is cut into {@code
 * head.partitions} parts by a hash of the samples' ids and sorted inside, so that what MLlib sees
 * depends on no executors.
 *
 * @param train to fit on
 * @param validation to choose by
 * @param test seen once, at the end; null when the features hold no such split
 */
record HeadSamples(Dataset<Row> train, Dataset<Row> validation, Dataset<Row> test)
    implements AutoCloseable {
  private static final String PURPOSE = "head validation";

  /**
   * @throws BellowsException (data) when a set is empty, naming the splits that there are
   */
  static HeadSamples of(SparkSession spark, FeatureTable table, Settings settings) {
    Dataset<Row> rows = table.rows(spark);
    List<String> splits =
        rows.select("split").distinct().collectAsList().stream()
            .map(row -> String.valueOf(row.get(0)))
            .sorted()
            .toList();
    TrainSettings train = settings.train();
    Settings.Head head = settings.head();
    double share = head.validationFraction();
    Dataset<Row> first = required(rows, train.split(), splits, "train.split");
    Dataset<Row> second;
    if (share > 0) {
      Dataset<Row> whole = first;
      first = whole.filter((FilterFunction<Row>) row -> !validates(row, train.seed(), share));
      second = whole.filter((FilterFunction<Row>) row -> validates(row, train.seed(), share));
    } else {
      second = required(rows, train.validationSplit(), splits, "train.validation-split");
    }
    String test = settings.evaluate().split();
    boolean hasTest =
        splits.contains(test)
            && !test.equals(train.split())
            && (share > 0 || !test.equals(train.validationSplit()));
    HeadSamples samples =
        new HeadSamples(
            fixed(first, head.partitions()),
            fixed(second, head.partitions()),
            hasTest ? fixed(ofSplit(rows, test), head.partitions()) : null);
    try {
      samples.requireSome(settings);
      return samples;
    } catch (RuntimeException | Error e) {
      samples.close();
      throw e;
    }
  }

  private void requireSome(Settings settings) {
    String split = settings.train().split();
    double share = settings.head().validationFraction();
    if (share == 0) {
      requireSome(train, split, "train.split");
      requireSome(validation, settings.train().validationSplit(), "train.validation-split");
      return;
    }
    long training = train.count();
    long validating = validation.count();
    if (training == 0 || validating == 0) {
      throw BellowsException.data(
          "of the %d samples of split \"%s\" (train.split) head.validation-fraction = %s leaves %d to train on and %d to validate on; both must be more than 0"
              .formatted(training + validating, split, share, training, validating));
    }
  }

  private static void requireSome(Dataset<Row> rows, String split, String key) {
    if (rows.count() == 0) {
      throw noSamples(split, key);
    }
  }

  static BellowsException noSamples(String split, String key) {
    return BellowsException.data(
        "no sample of split \"%s\" (%s) has both features and a label; a head learns from such samples"
            .formatted(split, key));
  }

  private static Dataset<Row> required(
      Dataset<Row> rows, String split, List<String> splits, String key) {
    if (!splits.contains(split)) {
      throw noSuchSplit(split, key, splits);
    }
    return ofSplit(rows, split);
  }

  static BellowsException noSuchSplit(String split, String key, List<String> splits) {
    return BellowsException.data(
        "the features hold no split \"%s\" (%s); they hold %s%s"
            .formatted(
                split,
                key,
                Words.and(splits),
                key.endsWith("validation-split")
                    ? "; head.validation-fraction takes a share of train.split instead"
                    : ""));
  }

  private static Dataset<Row> ofSplit(Dataset<Row> rows, String split) {
    return rows.where(functions.col("split").equalTo(split));
  }

  /** A function of (seed, id) alone: uniform in [0, 1). */
  static boolean validates(long id, long seed, double share) {
    long drawn = SplittableSeeds.derive(SplittableSeeds.derive(seed, PURPOSE), id);
    return (drawn >>> 11) * 0x1p-53 < share;
  }

  private static boolean validates(Row row, long seed, double share) {
    return validates(row.getLong(0), seed, share);
  }

  private static Dataset<Row> fixed(Dataset<Row> rows, int partitions) {
    return rows.repartition(partitions, functions.col("id"))
        .sortWithinPartitions("id")
        .persist(StorageLevel.MEMORY_AND_DISK());
  }

  @Override
  public void close() {
    train.unpersist();
    validation.unpersist();
    if (test != null) {
      test.unpersist();
    }
  }
}
