// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.shard;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.manifest.Shard;
import org.bellows.data.storage.Storage;

/** Opens shards. */
final class ShardFile {
  private ShardFile() {}

  /**
   * @param shard the manifest's entry of the shard
   * @throws BellowsException (data), without the path, when it is not a shard of this version, or
   *     of another length
   */
  static ParquetFileReader open(Configuration hadoop, Path path, Shard shard) throws IOException {
    HadoopInputFile file = HadoopInputFile.fromPath(path, hadoop);
    if (file.getLength() != shard.bytes()) {
      throw BellowsException.data(
          "has %d bytes, the manifest says %d".formatted(file.getLength(), shard.bytes()));
    }
    ParquetFileReader reader =
        ParquetFileReader.open(
            file,
            HadoopReadOptions.builder(hadoop, path).usePageChecksumVerification(true).build());
    try {
      checkFormat(reader);
    } catch (BellowsException e) {
      reader.close();
      throw e;
    }
    return reader;
  }

  /** An action on a shard; it may be repeated. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException;
  }

  /**
   * Does something with a shard. Parquet throws the same exception where bytes cannot be had and
   * where it can make no sense of them. Which of the two it was is found out by reading the file
   * through and trying once more.
   *
   * @param doing as the beginning of a sentence: "reading block 3"
   * @param work throws BellowsException, without the path, for a shard that is not what it should
   *     be
   * @throws BellowsException (data) naming the shard when it is missing, damaged, or not what it
   *     should be; another category when it cannot be read
   */
  static <T> T tell(Configuration hadoop, Path path, String doing, Work<T> work) {
    try {
      return run(path, doing, work);
    } catch (IOException first) {
      BellowsException failure =
          Storage.readFailure(doing + " of shard " + path, hadoop, path, first);
      if (failure.category() != ErrorCategory.INFRASTRUCTURE
          || first.getClass() != IOException.class) {
        throw failure;
      }
      return again(hadoop, path, doing, work);
    }
  }

  private static <T> T again(Configuration hadoop, Path path, String doing, Work<T> work) {
    try {
      Storage.readThrough(hadoop, path);
    } catch (IOException e) {
      throw Storage.readFailure(doing + " of shard " + path, hadoop, path, e);
    }
    try {
      return run(path, doing, work);
    } catch (IOException e) {
      throw damaged(path, doing, e);
    }
  }

  private static <T> T run(Path path, String doing, Work<T> work) throws IOException {
    try {
      return work.run();
    } catch (FileNotFoundException e) {
      if (Storage.isMissing(e)) {
        throw BellowsException.data("shard " + path + " is missing", e);
      }
      throw e;
    } catch (BellowsException e) {
      throw BellowsException.data("shard " + path + " " + e.getMessage(), e.getCause());
    } catch (RuntimeException | StackOverflowError e) {
      // A schema that is nested without end is gone into by recursion.
      throw damaged(path, doing, e);
    }
  }

  private static BellowsException damaged(Path path, String doing, Throwable cause) {
    return BellowsException.data(
        "shard %s is damaged: %s failed (%s)".formatted(path, doing, Storage.reason(cause)), cause);
  }

  /**
   * The footer's values for a block, before anything is allocated for it.
   *
   * @param bytes of the file
   * @throws BellowsException (data), without the path, when the block cannot be in the file
   */
  static void requireInside(BlockMetaData block, long bytes) {
    for (ColumnChunkMetaData chunk : block.getColumns()) {
      long start = chunk.getStartingPos();
      long size = chunk.getTotalSize();
      if (start < 0 || size < 0 || start > bytes - size) {
        throw BellowsException.data(
            "is damaged: its column %s has %d bytes from %d, the file has %d"
                .formatted(chunk.getPath(), size, start, bytes));
      }
      if (chunk.getCodec() != CompressionCodecName.UNCOMPRESSED) {
        throw BellowsException.data(
            "is damaged: its column %s is compressed (%s), expected none"
                .formatted(chunk.getPath(), chunk.getCodec()));
      }
    }
  }

  private static void checkFormat(ParquetFileReader reader) {
    String version = reader.getFileMetaData().getKeyValueMetaData().get(ShardSchema.FORMAT_KEY);
    MessageType schema = reader.getFileMetaData().getSchema();
    boolean isKnown =
        List.of(ShardSchema.WITHOUT_MASK, ShardSchema.WITH_MASK, ShardSchema.WITH_LABELS)
            .contains(schema);
    if (!ShardSchema.FORMAT_VERSION.equals(version) || !isKnown) {
      throw BellowsException.data(
          "is not a shard of this version: %s is %s, expected %s"
              .formatted(ShardSchema.FORMAT_KEY, version, ShardSchema.FORMAT_VERSION));
    }
  }
}
