// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.shard;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.bellows.conf.BellowsException;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.Shard;
import org.bellows.data.manifest.Split;
import org.bellows.data.storage.Storage;

/** How many samples of a dataset have a label map: the ends of its shards say so. */
public final class MaskCounts {
  private static final String MASK = ShardSchema.WITH_MASK.getFieldName(ShardSchema.MASK);

  private MaskCounts() {}

  /**
   * Reads the end of one shard, and of all others if there is a column for label maps, which all
   * shards of a dataset have or none has.
   *
   * @throws BellowsException (data) naming a shard that is missing or damaged
   */
  public static long of(Configuration hadoop, String dataPath, DatasetManifest manifest) {
    Path dataset = Storage.qualify(dataPath);
    long samples = 0;
    for (Split split : manifest.splits()) {
      for (Shard shard : split.shards()) {
        long ofShard = count(hadoop, new Path(dataset, shard.path()), shard);
        if (ofShard < 0) {
          return 0;
        }
        samples += ofShard;
      }
    }
    return samples;
  }

  /** -1 without a column for label maps. */
  private static long count(Configuration hadoop, Path path, Shard shard) {
    return ShardFile.tell(
        hadoop,
        path,
        "reading the end",
        () -> {
          try (ParquetFileReader reader = ShardFile.open(hadoop, path, shard)) {
            return reader.getFileMetaData().getSchema().containsField(MASK)
                ? reader.getRowGroups().stream().mapToLong(MaskCounts::count).sum()
                : -1L;
          }
        });
  }

  private static long count(BlockMetaData block) {
    for (ColumnChunkMetaData column : block.getColumns()) {
      if (column.getPath().toDotString().equals(MASK)) {
        return block.getRowCount() - column.getStatistics().getNumNulls();
      }
    }
    return 0;
  }
}
