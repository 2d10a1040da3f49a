// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.shard;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.schema.MessageType;
import org.bellows.data.storage.Storage;

/** Writes one shard; the format is specified in this package's documentation. Not thread-safe. */
public final class ShardWriter implements AutoCloseable {
  private static final int KIBIBYTE = 1024;

  /** Parquet checks a row group's size only so often: after at least and at most so many rows. */
  private static final int MIN_ROWS_BETWEEN_CHECKS = 1;

  private static final int MAX_ROWS_BETWEEN_CHECKS = 64;

  /** Statistics serve no reader of images; they are kept short. */
  private static final int STATISTICS_BYTES = 16;

  private final DigestingOutputFile file;
  private final ParquetWriter<EncodedSample> writer;
  private final ShardColumns columns;
  private boolean isFinished;

  /** The manifest's entry of a shard, but for its path. */
  public record Written(long bytes, String sha256, List<Integer> blockSamples) {}

  /**
   * For samples without masks.
   *
   * @param file is replaced
   * @param blockKibibytes aimed-at size of a block; the last of a shard is smaller
   */
  public ShardWriter(Configuration hadoop, Path file, int blockKibibytes) throws IOException {
    this(hadoop, file, blockKibibytes, ShardColumns.PLAIN);
  }

  /**
   * @param columns those that there are
   */
  public ShardWriter(Configuration hadoop, Path file, int blockKibibytes, ShardColumns columns)
      throws IOException {
    this.columns = columns;
    this.file = new DigestingOutputFile(Storage.fileSystem(hadoop, file), file);
    this.writer =
        new Builder(this.file, ShardSchema.of(columns))
            .withConf(new Configuration(false))
            .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
            .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
            .withWriterVersion(WriterVersion.PARQUET_1_0)
            .withDictionaryEncoding(false)
            .withPageWriteChecksumEnabled(true)
            .withRowGroupSize((long) blockKibibytes * KIBIBYTE)
            .withMinRowCountForPageSizeCheck(MIN_ROWS_BETWEEN_CHECKS)
            .withMaxRowCountForPageSizeCheck(MAX_ROWS_BETWEEN_CHECKS)
            .withStatisticsTruncateLength(STATISTICS_BYTES)
            .withColumnIndexTruncateLength(STATISTICS_BYTES)
            .build();
  }

  /** The sample's id is not written. */
  public void write(EncodedSample sample) throws IOException {
    if ((sample.labels() != null) != (columns == ShardColumns.LABELS)) {
      throw new IllegalArgumentException(
          "sample %s has %s list of labels, but this shard has the columns %s"
              .formatted(sample.source(), sample.labels() == null ? "no" : "a", columns));
    }
    if (sample.mask() != null && columns != ShardColumns.MASK) {
      throw new IllegalArgumentException(
          "sample " + sample.source() + " has a mask, but this shard has no column for masks");
    }
    writer.write(sample);
  }

  /** Completes the file. */
  public Written finish() throws IOException {
    writer.close();
    isFinished = true;
    List<Integer> blockSamples =
        writer.getFooter().getBlocks().stream()
            .map(block -> Math.toIntExact(block.getRowCount()))
            .toList();
    return new Written(file.bytes(), file.sha256(), blockSamples);
  }

  /** Closing without {@link #finish()} leaves a file that is not to be used, or none. */
  @Override
  public void close() throws IOException {
    try {
      if (!isFinished) {
        file.giveUp();
      }
    } finally {
      writer.close();
    }
  }

  private static final class Builder extends ParquetWriter.Builder<EncodedSample, Builder> {
    private final MessageType schema;

    Builder(OutputFile file, MessageType schema) {
      super(file);
      this.schema = schema;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<EncodedSample> getWriteSupport(Configuration configuration) {
      return new SampleWriteSupport(schema);
    }
  }
}
