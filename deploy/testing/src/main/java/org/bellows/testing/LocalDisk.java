// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk under a scheme of its own, for which a subclass refuses what it wants to. Paths
 * are {@code scheme:/absolute/path}.
 */
public abstract class LocalDisk extends RawLocalFileSystem {

  /**
   * @param type whose scheme is known to the configuration from then on
   * @param shared whether all who ask get the same object, as from Hadoop's cache; else each gets
   *     one
   */
  protected static void register(
      Configuration hadoop, String scheme, Class<? extends LocalDisk> type, boolean shared) {
    hadoop.setClass("fs." + scheme + ".impl", type, LocalDisk.class);
    hadoop.setBoolean("fs." + scheme + ".impl.disable.cache", !shared);
  }

  /** A constant: it is asked for before the object is whole. */
  @Override
  public abstract String getScheme();

  @Override
  public URI getUri() {
    return URI.create(getScheme() + ":///");
  }

  /** Before a file is opened: may refuse it. */
  protected void beforeOpen(Path path) throws IOException {}

  /** Before a file is created or replaced: may refuse it. */
  protected void beforeCreate(Path path) throws IOException {}

  /** The stream to a new file: may fail. */
  protected OutputStream written(OutputStream out) {
    return out;
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    beforeOpen(path);
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
    beforeCreate(path);
    return wrapped(
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
    beforeCreate(path);
    return wrapped(super.create(path, overwrite, bufferSize, replication, blockSize, progress));
  }

  private FSDataOutputStream wrapped(FSDataOutputStream out) throws IOException {
    OutputStream other = written(out);
    return other == out ? out : new FSDataOutputStream(other, null);
  }
}
