package org.bellows.data.shard;

import java.io.IOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.bellows.data.storage.Sha256;

/**
 * A file whose SHA-256 is known once it is written. It claims to have no blocks, so that Parquet
 * does not pad row groups to HDFS blocks: the bytes must not depend on the file system.
 */
final class DigestingOutputFile implements OutputFile {
  private final FileSystem files;
  private final Path path;
  private final MessageDigest digest = Sha256.digest();
  private long position;

  DigestingOutputFile(FileSystem files, Path path) {
    this.files = files;
    this.path = path;
  }

  String sha256() {
    return Sha256.hex(digest.digest());
  }

  long bytes() {
    return position;
  }

  @Override
  public PositionOutputStream create(long blockSizeHint) throws IOException {
    return open(files.create(path, false));
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
    return open(files.create(path, true));
  }

  @Override
  public boolean supportsBlockSize() {
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }

  @Override
  public String getPath() {
    return path.toString();
  }

  private PositionOutputStream open(FSDataOutputStream file) {
    DigestOutputStream out = new DigestOutputStream(file, digest);
    return new PositionOutputStream() {
      @Override
      public long getPos() {
        return position;
      }

      @Override
      public void write(int value) throws IOException {
        out.write(value);
        position++;
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        position += length;
      }

      @Override
      public void flush() throws IOException {
        out.flush();
      }

      @Override
      public void close() throws IOException {
        out.close();
      }
    };
  }
}
