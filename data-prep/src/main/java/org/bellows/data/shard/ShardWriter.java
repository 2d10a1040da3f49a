package org.bellows.data.shard;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.bellows.data.storage.Storage;

/** Writes one shard; the format stands in this package's documentation. Not thread-safe. */
public final class ShardWriter implements AutoCloseable {
  private static final int KIBIBYTE = 1024;

  /** Parquet checks a row group's size only so often: after at least and at most so many rows. */
  private static final int MIN_ROWS_BETWEEN_CHECKS = 1;

  private static final int MAX_ROWS_BETWEEN_CHECKS = 64;

  /** Statistics serve no reader of images; they are kept short. */
  private static final int STATISTICS_BYTES = 16;

  private final DigestingOutputFile file;
  private final ParquetWriter<EncodedSample> writer;

  /** What the manifest says of a shard, but for its path. */
  public record Written(long bytes, String sha256, List<Integer> blockSamples) {}

  /**
   * @param file must not exist
   * @param blockKibibytes aimed-at size of a block; the last of a shard is smaller
   */
  public ShardWriter(Configuration hadoop, Path file, int blockKibibytes) throws IOException {
    this.file = new DigestingOutputFile(Storage.fileSystem(hadoop, file), file);
    this.writer =
        new Builder(this.file)
            .withConf(new Configuration(false))
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
    writer.write(sample);
  }

  /** Completes the file. */
  public Written finish() throws IOException {
    writer.close();
    List<Integer> blockSamples =
        writer.getFooter().getBlocks().stream()
            .map(block -> Math.toIntExact(block.getRowCount()))
            .toList();
    return new Written(file.bytes(), file.sha256(), blockSamples);
  }

  /** Closing without {@link #finish()} leaves a file that is not to be used. */
  @Override
  public void close() throws IOException {
    writer.close();
  }

  private static final class Builder extends ParquetWriter.Builder<EncodedSample, Builder> {
    Builder(OutputFile file) {
      super(file);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<EncodedSample> getWriteSupport(Configuration configuration) {
      return new SampleWriteSupport();
    }
  }
}
