// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.shard;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.bellows.conf.BellowsException;
import org.bellows.data.manifest.Shard;
import org.bellows.data.manifest.Split;
import org.bellows.data.storage.Storage;

/**
 * The largest height and the largest width of a split's pictures, which need not be of one picture:
 * the ends of its shards say them.
 *
 * @param height in pixels; 0 of a split without samples
 * @param width in pixels; 0 of a split without samples
 */
public record LargestPicture(int height, int width) {

  /** Of a picture as high and as wide. */
  public long pixels() {
    return (long) height * width;
  }

  /**
   * Reads the end of each shard of a split.
   *
   * @throws BellowsException (data) naming a shard that is missing or damaged
   */
  public static LargestPicture of(Configuration hadoop, String dataPath, Split split) {
    Path dataset = Storage.qualify(dataPath);
    int height = 0;
    int width = 0;
    for (Shard shard : split.shards()) {
      LargestPicture ofShard = ofShard(hadoop, new Path(dataset, shard.path()), shard);
      height = Math.max(height, ofShard.height);
      width = Math.max(width, ofShard.width);
    }
    return new LargestPicture(height, width);
  }

  private static LargestPicture ofShard(Configuration hadoop, Path path, Shard shard) {
    return ShardFile.tell(
        hadoop,
        path,
        "reading the end",
        () -> {
          try (ParquetFileReader reader = ShardFile.open(hadoop, path, shard)) {
            return new LargestPicture(largest(reader, "height"), largest(reader, "width"));
          }
        });
  }

  private static int largest(ParquetFileReader reader, String column) {
    int largest = 0;
    for (BlockMetaData block : reader.getRowGroups()) {
      for (ColumnChunkMetaData chunk : block.getColumns()) {
        Statistics<?> values = chunk.getStatistics();
        if (chunk.getPath().toDotString().equals(column) && values.hasNonNullValue()) {
          largest = Math.max(largest, (Integer) values.genericGetMax());
        }
      }
    }
    return largest;
  }
}
