// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.shard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.bellows.conf.BellowsException;
import org.bellows.data.manifest.Shard;
import org.bellows.data.storage.Storage;

/**
 * Reads single blocks at random. Keeps a few shards open: blocks of one window come from many
 * shards, and a footer costs two reads. Not thread-safe; one for each reading thread.
 */
public final class BlockReader implements AutoCloseable {
  private static final int MAX_OPEN_SHARDS = 8;

  private final Configuration hadoop;
  private final Path dataset;

  /** Null if the shards are on this machine already. */
  private final BlockCache cache;

  /** In order of last use. */
  private final Map<String, ParquetFileReader> open = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param dataPath the dataset's folder, which shard paths are relative to
   */
  public BlockReader(Configuration hadoop, String dataPath) {
    this(hadoop, dataPath, BlockCache.none());
  }

  /**
   * @param cache asked first, and given what it did not hold; not of use for local datasets
   */
  BlockReader(Configuration hadoop, String dataPath, BlockCache cache) {
    this.hadoop = hadoop;
    this.dataset = Storage.qualify(dataPath);
    this.cache = Storage.isLocal(dataset) ? null : cache;
  }

  /**
   * @param block index of the row group in the shard
   * @param firstId id of the block's first sample
   * @return the block's samples in row order
   * @throws BellowsException (data) naming the shard when it is missing, damaged or not what the
   *     manifest says
   */
  public List<EncodedSample> read(Shard shard, int block, long firstId) {
    if (cache == null) {
      return readShard(shard, block, firstId);
    }
    return cache
        .read(shard, block, firstId)
        .orElseGet(
            () -> {
              List<EncodedSample> samples = readShard(shard, block, firstId);
              cache.add(shard, block, samples);
              return samples;
            });
  }

  private List<EncodedSample> readShard(Shard shard, int block, long firstId) {
    Path path = new Path(dataset, shard.path());
    return ShardFile.tell(
        hadoop,
        path,
        "reading block " + block,
        () -> {
          try {
            return read(open(shard, path), shard, block, firstId);
          } catch (IOException | RuntimeException e) {
            // Another try begins with the file's footer.
            forget(shard, e);
            throw e;
          }
        });
  }

  private List<EncodedSample> read(ParquetFileReader reader, Shard shard, int block, long firstId)
      throws IOException {
    int blocks = reader.getRowGroups().size();
    if (blocks != shard.blockSamples().size()) {
      throw BellowsException.data(
          "has %d blocks, the manifest says %d".formatted(blocks, shard.blockSamples().size()));
    }
    ShardFile.requireInside(reader.getRowGroups().get(block), shard.bytes());
    PageReadStore pages = reader.readRowGroup(block);
    int rows = Math.toIntExact(pages.getRowCount());
    if (rows != shard.blockSamples().get(block)) {
      throw BellowsException.data(
          "has %d samples in block %d, the manifest says %d"
              .formatted(rows, block, shard.blockSamples().get(block)));
    }
    MessageType schema = reader.getFileMetaData().getSchema();
    MessageColumnIO columns = new ColumnIOFactory().getColumnIO(schema);
    RecordReader<EncodedSample> records =
        columns.getRecordReader(
            pages, new SampleMaterializer(firstId, ShardSchema.hasLabels(schema)));
    List<EncodedSample> samples = new ArrayList<>(rows);
    for (int row = 0; row < rows; row++) {
      samples.add(records.read());
    }
    return samples;
  }

  private ParquetFileReader open(Shard shard, Path path) throws IOException {
    ParquetFileReader reader = open.get(shard.path());
    if (reader != null) {
      return reader;
    }
    reader = ShardFile.open(hadoop, path, shard);
    open.put(shard.path(), reader);
    if (open.size() > MAX_OPEN_SHARDS) {
      open.remove(open.keySet().iterator().next()).close();
    }
    return reader;
  }

  private void forget(Shard shard, Exception reason) {
    ParquetFileReader reader = open.remove(shard.path());
    if (reader != null) {
      try {
        reader.close();
      } catch (IOException e) {
        reason.addSuppressed(e);
      }
    }
  }

  @Override
  public void close() {
    for (ParquetFileReader reader : open.values()) {
      try {
        reader.close();
      } catch (IOException e) {
        throw Storage.failure("closing shard " + reader.getFile(), e);
      }
    }
    open.clear();
  }
}
