// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Abortable;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk under S3's scheme, with S3A's ways: a file is there, and replaced, when its stream
 * is closed, and not if the stream was given up. Writes down what is written, copied and deleted.
 */
public final class ObjectDisk extends LocalDisk {
  private static final String SCHEME = "s3a";

  /** Hadoop makes an object for each that asks; a test reads what all of them did. */
  private static final List<String> REQUESTS = new CopyOnWriteArrayList<>();

  /** Settings that lead to it; forgets the requests so far. */
  public static Configuration configuration() {
    Configuration hadoop = new Configuration();
    register(hadoop);
    REQUESTS.clear();
    return hadoop;
  }

  /** Adds settings that lead to it. */
  public static void register(Configuration hadoop) {
    register(hadoop, SCHEME, ObjectDisk.class, false);
  }

  /** The path of a local folder. */
  public static Path path(java.nio.file.Path folder) {
    return new Path(SCHEME + ":" + folder);
  }

  /** "PUT name", "COPY name", "DELETE name" since this was called last. */
  public static List<String> requests() {
    List<String> requests = new ArrayList<>(REQUESTS);
    REQUESTS.clear();
    return requests;
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public boolean hasPathCapability(Path path, String capability) throws IOException {
    return capability.equals(CommonPathCapabilities.ABORTABLE_STREAM)
        || super.hasPathCapability(path, capability);
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
    return put(path, overwrite);
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
    return put(path, overwrite);
  }

  private FSDataOutputStream put(Path path, boolean overwrite) throws IOException {
    if (!overwrite && exists(path)) {
      throw new FileAlreadyExistsException(path + " exists");
    }
    return new FSDataOutputStream(new Upload(path), null);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    REQUESTS.add("COPY " + to.getName());
    return super.rename(from, to);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    boolean isDeleted = super.delete(path, recursive);
    if (isDeleted) {
      REQUESTS.add("DELETE " + path.getName());
    }
    return isDeleted;
  }

  private void store(Path path, ByteArrayOutputStream bytes) throws IOException {
    REQUESTS.add("PUT " + path.getName());
    Path beside = new Path(path.getParent(), "." + path.getName() + "." + System.nanoTime());
    try (OutputStream out = super.create(beside, true, 4096, (short) 1, 1 << 25, null)) {
      bytes.writeTo(out);
    }
    super.rename(beside, path);
  }

  private final class Upload extends ByteArrayOutputStream
      implements Abortable, StreamCapabilities {
    private final Path path;
    private boolean isOver;

    Upload(Path path) {
      this.path = path;
    }

    @Override
    public boolean hasCapability(String capability) {
      return capability.equals(StreamCapabilities.ABORTABLE_STREAM);
    }

    @Override
    public AbortableResult abort() {
      isOver = true;
      return null;
    }

    @Override
    public void close() throws IOException {
      if (!isOver) {
        isOver = true;
        store(path, this);
      }
    }
  }
}
