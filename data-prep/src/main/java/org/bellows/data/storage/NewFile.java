// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * A file that is being written, fit for try-with-resources. HDFS throws what writing failed with,
 * the very same object, again each time that the file is closed; Java would then try to add it to
 * itself as a suppressed exception, refuse that, and the failure be lost.
 */
public final class NewFile extends FilterOutputStream {
  private IOException told;
  private boolean isGivenUp;
  private long bytes;

  private NewFile(OutputStream out) {
    super(out);
  }

  public static NewFile create(FileSystem files, Path path, boolean overwrite) throws IOException {
    if (path.getParent() != null && "file".equals(files.getUri().getScheme())) {
      Storage.makeFolder(files, path.getParent());
    }
    return new NewFile(files.create(path, overwrite));
  }

  /** A file that must not be there; a store that can find that out finds it out at the end. */
  static NewFile createOnce(FileSystem files, Path path) throws IOException {
    if (!ObjectStores.createsOnCondition(files, path)) {
      return create(files, path, false);
    }
    FSDataOutputStreamBuilder<?, ?> builder = files.createFile(path).recursive().overwrite(false);
    builder.opt(ObjectStores.CREATE_ON_CONDITION, true);
    return new NewFile(builder.build());
  }

  /**
   * Replaces a file that may be there. On HDFS and local disks it fails without a folder for it;
   * other file systems may make one.
   */
  public static OutputStream createInFolder(FileSystem files, Path path) throws IOException {
    return new NewFile(
        ExclusiveCreation.isSure(files)
            ? files.createFile(path).overwrite(true).build()
            : files.create(path, true));
  }

  /**
   * Gives up what was written, where the store can ({@link ObjectStores#writesInPlace}): no reader
   * sees anything of it, and what was there before stays. Elsewhere it has no effect: the file is
   * there, and its writer removes it.
   */
  public void giveUp() {
    if (out instanceof FSDataOutputStream stream
        && stream.hasCapability(StreamCapabilities.ABORTABLE_STREAM)) {
      stream.abort();
      isGivenUp = true;
    }
  }

  /** How many have been written. */
  public long bytes() {
    return bytes;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] content, int offset, int length) throws IOException {
    try {
      out.write(content, offset, length);
      bytes += length;
    } catch (IOException e) {
      told = e;
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      told = e;
      throw e;
    }
  }

  /** Throws nothing that has been thrown before. */
  @Override
  public void close() throws IOException {
    if (isGivenUp) {
      return;
    }
    try {
      out.close();
    } catch (IOException e) {
      if (e != told) {
        told = e;
        throw e;
      }
    }
  }
}
