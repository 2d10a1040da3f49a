package org.bellows.data.prepare;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk under the scheme "failing". Shards are refused once as many are there as {@link
 * #SHARDS} says; files of the names that the other keys say cannot be opened.
 */
public final class FailingFileSystem extends RawLocalFileSystem {
  static final String SHARDS = "test.failing.shards";
  static final String UNREADABLE = "test.failing.unreadable";
  static final String FAULTY = "test.failing.faulty";
  static final String FORBIDDEN = "test.failing.forbidden";

  static void register(Configuration hadoop) {
    hadoop.set("fs.failing.impl", FailingFileSystem.class.getName());
    // Each test counts for itself.
    hadoop.setBoolean("fs.failing.impl.disable.cache", true);
  }

  @Override
  public URI getUri() {
    return URI.create("failing:///");
  }

  @Override
  public String getScheme() {
    return "failing";
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    if (path.getName().equals(getConf().get(FAULTY))) {
      throw new IllegalStateException("a library's fault");
    }
    if (path.getName().equals(getConf().get(FORBIDDEN))) {
      throw new AccessControlException("Permission denied: user=nobody");
    }
    if (path.getName().equals(getConf().get(UNREADABLE))) {
      throw new IOException("Connection reset by peer");
    }
    return super.open(path, bufferSize);
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
    failAfterShards(path);
    return super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress);
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
    failAfterShards(path);
    return super.create(path, overwrite, bufferSize, replication, blockSize, progress);
  }

  private void failAfterShards(Path path) throws IOException {
    int allowed = getConf().getInt(SHARDS, Integer.MAX_VALUE);
    if (path.getName().contains(".parquet.")
        && listStatus(new Path(path.getParent().getParent(), "shards")).length >= allowed) {
      throw new IOException("the data node is gone");
    }
  }
}
