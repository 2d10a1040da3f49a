// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.shard;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.bellows.conf.BellowsException;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.Shard;
import org.bellows.data.manifest.Split;
import org.bellows.data.storage.Storage;

/**
 * How many samples of each class a split holds: of its shards the column of labels is read, or that
 * of lists of labels where each sample is of any number of classes.
 */
public final class LabelCounts {
  private static final MessageType LABEL_ONLY =
      new MessageType(
          ShardSchema.WITHOUT_MASK.getName(), ShardSchema.WITHOUT_MASK.getType(ShardSchema.LABEL));

  private static final MessageType LISTS_ONLY =
      new MessageType(
          ShardSchema.WITH_LABELS.getName(), ShardSchema.WITH_LABELS.getType(ShardSchema.LABELS));

  private LabelCounts() {}

  /**
   * Reads several shards at once; sums of whole numbers do not depend on the order.
   *
   * @return [classes] samples of each label
   * @throws BellowsException (data) naming a shard that is missing, damaged or not what the
   *     manifest says
   */
  public static long[] of(
      Configuration hadoop, String dataPath, DatasetManifest manifest, String splitName) {
    Path dataset = Storage.qualify(dataPath);
    Split split = manifest.split(splitName);
    MessageType column = manifest.multiLabel() ? LISTS_ONLY : LABEL_ONLY;
    int classes = manifest.classes().size();
    return split.shards().parallelStream()
        .map(shard -> count(hadoop, new Path(dataset, shard.path()), shard, column, classes))
        .reduce(new long[classes], LabelCounts::sum);
  }

  private static long[] count(
      Configuration hadoop, Path path, Shard shard, MessageType column, int classes) {
    return ShardFile.tell(
        hadoop, path, "reading the labels", () -> readAll(hadoop, path, shard, column, classes));
  }

  private static long[] readAll(
      Configuration hadoop, Path path, Shard shard, MessageType column, int classes)
      throws IOException {
    try (ParquetFileReader reader = ShardFile.open(hadoop, path, shard)) {
      reader.getRowGroups().forEach(block -> ShardFile.requireInside(block, shard.bytes()));
      reader.setRequestedSchema(column);
      long[] counts = new long[classes];
      long samples = 0;
      PageReadStore pages = reader.readNextRowGroup();
      while (pages != null) {
        count(pages, column, counts);
        samples += pages.getRowCount();
        pages = reader.readNextRowGroup();
      }
      requireSamples(samples, shard);
      return counts;
    }
  }

  private static void count(PageReadStore pages, MessageType column, long[] counts) {
    boolean isOne = column.equals(LABEL_ONLY);
    RecordReader<Group> rows =
        new ColumnIOFactory()
            .getColumnIO(column)
            .getRecordReader(pages, new GroupRecordConverter(column));
    for (long row = 0; row < pages.getRowCount(); row++) {
      Group sample = rows.read();
      if (isOne) {
        count(sample.getInteger(0, 0), counts);
      } else {
        Group labels = sample.getGroup(0, 0);
        for (int i = 0; i < labels.getFieldRepetitionCount(0); i++) {
          count(labels.getGroup(0, i).getInteger(0, 0), counts);
        }
      }
    }
  }

  private static void count(int label, long[] counts) {
    if (label < 0 || label >= counts.length) {
      throw BellowsException.data(
          "holds the label %d, allowed: 0 to %d".formatted(label, counts.length - 1));
    }
    counts[label]++;
  }

  private static void requireSamples(long samples, Shard shard) {
    if (samples != shard.samples()) {
      throw BellowsException.data(
          "has %d samples, the manifest says %d".formatted(samples, shard.samples()));
    }
  }

  private static long[] sum(long[] some, long[] others) {
    long[] sum = some.clone();
    for (int label = 0; label < sum.length; label++) {
      sum[label] += others[label];
    }
    return sum;
  }
}
