// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.bellows.conf.BellowsException;

/** Small files that a reader sees whole or not at all. */
public final class AtomicFile {
  private AtomicFile() {}

  /** Writes a file's content, piece by piece. */
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes beside the file and renames over it; in object stores that show a file when it is whole,
   * writes it.
   *
   * @throws BellowsException (infrastructure, configuration) naming the file; it is then as before
   */
  public static void write(Configuration hadoop, Path file, byte[] content) {
    write(Storage.fileSystem(hadoop, file), file, content);
  }

  /**
   * Like {@link #write(Configuration, Path, byte[])}, but on a local disk without Hadoop's checksum
   * file beside it, which other programs that read the folder would take for one of theirs.
   */
  public static void writeAlone(Configuration hadoop, Path file, byte[] content) {
    write(alone(hadoop, file), file, content);
  }

  /** As above, of content that need not be in memory as a whole. */
  public static void writeAlone(Configuration hadoop, Path file, Content content) {
    write(alone(hadoop, file), file, content);
  }

  private static FileSystem alone(Configuration hadoop, Path file) {
    FileSystem files = Storage.fileSystem(hadoop, file);
    try {
      ChecksumFiles.remove(files, file);
    } catch (IOException e) {
      throw Storage.writeFailure(file, e);
    }
    return ChecksumFiles.without(files);
  }

  private static void write(FileSystem files, Path file, byte[] content) {
    if (ObjectStores.replacesOnClose(files) && !isWrittenInPlace(files, file)) {
      put(files, file, content);
    } else {
      write(files, file, out -> out.write(content));
    }
  }

  private static boolean isWrittenInPlace(FileSystem files, Path file) {
    try {
      return ObjectStores.writesInPlace(files, file);
    } catch (IOException e) {
      throw Storage.writeFailure(file, e);
    }
  }

  /** Like {@link #write(Configuration, Path, byte[])}. */
  public static void write(FileSystem files, Path file, Content content) {
    try {
      if (ObjectStores.writesInPlace(files, file)) {
        writeInPlace(files, file, content);
        return;
      }
    } catch (UncheckedIOException e) {
      throw Storage.writeFailure(file, e.getCause());
    } catch (IOException e) {
      throw Storage.writeFailure(file, e);
    }
    Path temporary = new Path(file.getParent(), ".tmp-" + file.getName() + "-" + UUID.randomUUID());
    try {
      try (OutputStream out = NewFile.create(files, temporary, true)) {
        content.writeTo(out);
      } catch (UncheckedIOException e) {
        files.delete(temporary, false);
        throw e.getCause();
      } catch (IOException | FSError | BellowsException e) {
        files.delete(temporary, false);
        throw e;
      }
      replace(files, temporary, file);
    } catch (IOException e) {
      throw Storage.writeFailure(file, e);
    } catch (FSError e) {
      throw Storage.writeFailure(file, Storage.unwrap(e));
    }
  }

  private static void writeInPlace(FileSystem files, Path file, Content content)
      throws IOException {
    try (NewFile out = NewFile.create(files, file, true)) {
      try {
        content.writeTo(out);
      } catch (IOException | RuntimeException | Error e) {
        out.giveUp();
        throw e;
      }
    }
  }

  private static void put(FileSystem files, Path file, byte[] content) {
    try (OutputStream out = NewFile.create(files, file, true)) {
      out.write(content);
    } catch (IOException e) {
      throw Storage.writeFailure(file, e);
    }
  }

  /**
   * Renames a file, in the place of one that may be there.
   *
   * @throws BellowsException (infrastructure, configuration) naming the target
   */
  public static void move(Configuration hadoop, Path from, Path to) {
    try {
      replace(Storage.fileSystem(hadoop, to), from, to);
    } catch (IOException e) {
      throw Storage.writeFailure(to, e);
    }
  }

  /**
   * The local file system replaces, HDFS if it is asked to. Others, such as object stores, refuse
   * to rename onto a file: there it is gone for a moment.
   */
  private static void replace(FileSystem files, Path from, Path to) throws IOException {
    if (files instanceof DistributedFileSystem hdfs) {
      hdfs.rename(from, to, Options.Rename.OVERWRITE);
      return;
    }
    if (!"file".equals(files.getUri().getScheme()) && files.exists(to)) {
      files.delete(to, false);
    }
    if (!files.rename(from, to)) {
      throw new IOException("cannot rename " + from + " to " + to);
    }
  }
}
