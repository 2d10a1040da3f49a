// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.picture;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.bellows.conf.BellowsException;
import org.bellows.data.shard.DigestingOutputFile;
import org.bellows.data.storage.ChecksumFiles;
import org.bellows.data.storage.ObjectStores;
import org.bellows.data.storage.Storage;

/**
 * One Parquet file of a job's output; whole or not there. Its bytes depend on rows and footer
 * alone.
 *
 * @param <R> a row
 */
public final class PartFile<R> implements AutoCloseable {
  private final FileSystem files;
  private final Path path;
  private final Path attempt;
  private final DigestingOutputFile output;
  private final ParquetWriter<R> writer;
  private boolean isFinished;

  /**
   * @param file its place
   * @param rows turns rows into Parquet's record events
   * @param dictionaries by the name of a column, whether its values repeat
   * @param attempt tells two tasks that write the same file apart
   */
  public PartFile(
      Configuration hadoop,
      Path file,
      WriteSupport<R> rows,
      Map<String, Boolean> dictionaries,
      String attempt)
      throws IOException {
    this.path = file;
    this.files = Storage.fileSystem(hadoop, path);
    // Hidden from readers of the folder, by Hadoop's convention.
    this.attempt =
        ObjectStores.writesInPlace(files, path)
            ? path
            : new Path(file.getParent(), "." + path.getName() + "." + attempt);
    this.output = new DigestingOutputFile(ChecksumFiles.without(files), this.attempt);
    Builder<R> builder =
        new Builder<>(output, rows)
            .withConf(new Configuration(false))
            .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withWriterVersion(WriterVersion.PARQUET_1_0);
    dictionaries.forEach(builder::withDictionaryEncoding);
    this.writer = builder.build();
  }

  public void write(R row) throws IOException {
    writer.write(row);
  }

  /**
   * Puts the file in its place.
   *
   * @return its SHA-256
   */
  public String finish() throws IOException {
    writer.close();
    if (!attempt.equals(path)) {
      files.delete(path, false);
      if (!files.rename(attempt, path)) {
        throw BellowsException.infrastructure("cannot rename " + attempt + " to " + path);
      }
    }
    isFinished = true;
    return output.sha256();
  }

  /** Without {@link #finish} nothing is left. */
  @Override
  public void close() throws IOException {
    if (!isFinished) {
      output.giveUp();
      writer.close();
      if (!attempt.equals(path)) {
        files.delete(attempt, false);
      }
    }
  }

  /** Why the file cannot be written. */
  public static BellowsException failure(Path path, Throwable cause) {
    IOException reason =
        cause instanceof FSError error ? Storage.unwrap(error) : (IOException) cause;
    return Storage.writeFailure(path, reason);
  }

  private static final class Builder<R> extends ParquetWriter.Builder<R, Builder<R>> {
    private final WriteSupport<R> rows;

    Builder(OutputFile file, WriteSupport<R> rows) {
      super(file);
      this.rows = rows;
    }

    @Override
    protected Builder<R> self() {
      return this;
    }

    @Override
    protected WriteSupport<R> getWriteSupport(Configuration configuration) {
      return rows;
    }
  }
}
