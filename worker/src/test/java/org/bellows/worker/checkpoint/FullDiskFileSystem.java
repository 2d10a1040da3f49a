package org.bellows.worker.checkpoint;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** The local disk under the scheme "full", with room for so many bytes in all. */
public final class FullDiskFileSystem extends RawLocalFileSystem {
  private static final String ROOM = "test.full.room-bytes";

  private long room;

  /** Every use of it is another disk. */
  static Configuration configuration(long roomBytes) {
    Configuration configuration = new Configuration();
    configuration.setClass("fs.full.impl", FullDiskFileSystem.class, RawLocalFileSystem.class);
    configuration.setBoolean("fs.full.impl.disable.cache", true);
    configuration.setLong(ROOM, roomBytes);
    return configuration;
  }

  @Override
  public void initialize(URI uri, Configuration configuration) throws IOException {
    super.initialize(uri, configuration);
    room = configuration.getLong(ROOM, 0);
  }

  @Override
  public URI getUri() {
    return URI.create("full:///");
  }

  @Override
  public String getScheme() {
    return "full";
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return limited(
        super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress));
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return limited(super.create(path, overwrite, bufferSize, replication, blockSize, progress));
  }

  private FSDataOutputStream limited(OutputStream out) throws IOException {
    return new FSDataOutputStream(
        new FilterOutputStream(out) {
          @Override
          public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            room -= length;
            if (room < 0) {
              throw new IOException("No space left on device");
            }
            out.write(bytes, offset, length);
          }
        },
        null);
  }
}
