package org.bellows.data.shard;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.bellows.conf.BellowsException;

/** Opens shards. */
final class ShardFile {
  private ShardFile() {}

  /**
   * @throws BellowsException (data), without the path, when it is not a shard of this version
   */
  static ParquetFileReader open(Configuration hadoop, Path path) throws IOException {
    ParquetFileReader reader =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(path, hadoop),
            HadoopReadOptions.builder(hadoop, path).usePageChecksumVerification(true).build());
    try {
      checkFormat(reader);
    } catch (BellowsException e) {
      reader.close();
      throw e;
    }
    return reader;
  }

  private static void checkFormat(ParquetFileReader reader) {
    String version = reader.getFileMetaData().getKeyValueMetaData().get(ShardSchema.FORMAT_KEY);
    MessageType schema = reader.getFileMetaData().getSchema();
    boolean isKnown =
        schema.equals(ShardSchema.WITHOUT_MASK) || schema.equals(ShardSchema.WITH_MASK);
    if (!ShardSchema.FORMAT_VERSION.equals(version) || !isKnown) {
      throw BellowsException.data(
          "is not a shard of this version: %s is %s, expected %s"
              .formatted(ShardSchema.FORMAT_KEY, version, ShardSchema.FORMAT_VERSION));
    }
  }
}
