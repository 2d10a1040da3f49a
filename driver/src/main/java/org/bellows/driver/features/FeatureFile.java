// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.bellows.conf.BellowsException;
import org.bellows.data.shard.DigestingOutputFile;
import org.bellows.data.storage.Storage;

/**
 * One Parquet file of features; whole or not there. Its bytes depend on rows and provenance alone.
 */
final class FeatureFile implements AutoCloseable {
  private final FileSystem files;
  private final Path path;
  private final Path attempt;
  private final DigestingOutputFile output;
  private final ParquetWriter<FeatureRow> writer;
  private boolean isFinished;

  /**
   * The properties that all files of a job share.
   *
   * @param folder folder of the files
   * @param footer keys and values
   * @param classes of the network
   */
  record Format(String folder, Map<String, String> footer, List<String> classes, boolean withTop)
      implements Serializable {
    Path file(int number) {
      return new Path(folder, "part-%05d.parquet".formatted(number));
    }
  }

  /**
   * @param attempt tells two tasks that write the same file apart
   */
  FeatureFile(Configuration hadoop, Format format, int number, String attempt) throws IOException {
    this.path = format.file(number);
    this.files = Storage.fileSystem(hadoop, path);
    // Hidden from readers of the folder, by Hadoop's convention.
    this.attempt = new Path(format.folder(), "." + path.getName() + "." + attempt);
    this.output = new DigestingOutputFile(files, this.attempt);
    this.writer =
        new Builder(output, format)
            .withConf(new Configuration(false))
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withWriterVersion(WriterVersion.PARQUET_1_0)
            .withDictionaryEncoding(FeatureSchema.SPLIT, true)
            .withDictionaryEncoding("features.values.list.element", false)
            .build();
  }

  void write(FeatureRow row) throws IOException {
    writer.write(row);
  }

  /**
   * Puts the file in its place.
   *
   * @return its SHA-256
   */
  String finish() throws IOException {
    writer.close();
    files.delete(path, false);
    if (!files.rename(attempt, path)) {
      throw BellowsException.infrastructure("cannot rename " + attempt + " to " + path);
    }
    isFinished = true;
    return output.sha256();
  }

  /** Without {@link #finish} nothing is left. */
  @Override
  public void close() throws IOException {
    if (!isFinished) {
      writer.close();
      files.delete(attempt, false);
    }
  }

  static BellowsException failure(Path path, Throwable cause) {
    IOException reason =
        cause instanceof FSError error ? Storage.unwrap(error) : (IOException) cause;
    return Storage.writeFailure(path, reason);
  }

  private static final class Builder extends ParquetWriter.Builder<FeatureRow, Builder> {
    private final Format format;

    Builder(OutputFile file, Format format) {
      super(file);
      this.format = format;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<FeatureRow> getWriteSupport(Configuration configuration) {
      return new FeatureWriteSupport(format.footer(), format.classes(), format.withTop());
    }
  }
}
