package org.bellows.driver.retrain;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk under the scheme "mortal", as seen by a process that dies just before its n-th
 * change of anything. Whatever it tries from then on, also to clean up, is not done.
 */
public final class MortalFileSystem extends RawLocalFileSystem {
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
    hadoop.set("fs.mortal.impl", MortalFileSystem.class.getName());
    return hadoop;
  }

  /** The same for all that ask with this name, which is the authority of paths. */
  static MortalFileSystem of(Configuration hadoop, String name) throws IOException {
    return (MortalFileSystem) FileSystem.get(URI.create("mortal://" + name + "/"), hadoop);
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
    return uri == null ? URI.create("mortal:///") : uri;
  }

  @Override
  public String getScheme() {
    return "mortal";
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    requireAlive();
    return super.open(path, bufferSize);
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
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    change();
    return mortal(
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
    change();
    return mortal(super.create(path, overwrite, bufferSize, replication, blockSize, progress));
  }

  private FSDataOutputStream mortal(OutputStream out) throws IOException {
    return new FSDataOutputStream(
        new OutputStream() {
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
        },
        null);
  }
}
