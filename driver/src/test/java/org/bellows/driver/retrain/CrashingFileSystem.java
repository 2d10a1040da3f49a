// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.retrain;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.bellows.testing.LocalDisk;

/**
 * The local disk under the scheme "mortal", as seen by a process that dies just before its n-th
 * change of anything. Whatever it tries from then on, also to clean up, is not done.
 */
public final class CrashingFileSystem extends LocalDisk {
  private static final String SCHEME = "mortal";
  private static final int FOREVER = Integer.MAX_VALUE;

  private int changesLeft = FOREVER;
  private boolean isDead;

  /** The constructor of the class above asks before it is known. */
  private URI uri;

  /** Not an exception: nothing catches it. */
  static final class Death extends Error {
    private static final long serialVersionUID = 1L;
  }

  static Configuration configuration() {
    Configuration hadoop = new Configuration();
    register(hadoop, SCHEME, CrashingFileSystem.class, true);
    return hadoop;
  }

  /** The same for all that ask with this name, which is the authority of paths. */
  static CrashingFileSystem of(Configuration hadoop, String name) throws IOException {
    return (CrashingFileSystem) FileSystem.get(URI.create("mortal://" + name + "/"), hadoop);
  }

  void dieAfter(int changes) {
    changesLeft = changes;
  }

  /** As another process. */
  void liveAgain() {
    changesLeft = FOREVER;
    isDead = false;
  }

  private void change() {
    requireAlive();
    if (changesLeft-- <= 0) {
      isDead = true;
      throw new Death();
    }
  }

  private void requireAlive() {
    if (isDead) {
      throw new Death();
    }
  }

  @Override
  public void initialize(URI name, Configuration configuration) throws IOException {
    uri = URI.create(name.getScheme() + "://" + name.getAuthority() + "/");
    super.initialize(name, configuration);
  }

  @Override
  public URI getUri() {
    return uri == null ? super.getUri() : uri;
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  protected void beforeOpen(Path path) {
    requireAlive();
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    requireAlive();
    return super.listStatus(path);
  }

  /** Without Hadoop's native library each would start a process. */
  @Override
  public void setPermission(Path path, FsPermission permission) {}

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    change();
    return super.rename(from, to);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    change();
    return super.delete(path, recursive);
  }

  @Override
  protected void beforeCreate(Path path) {
    change();
  }

  @Override
  protected OutputStream written(OutputStream out) {
    return new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        change();
        out.write(bytes, offset, length);
      }

      @Override
      public void close() throws IOException {
        out.close();
      }
    };
  }
}
