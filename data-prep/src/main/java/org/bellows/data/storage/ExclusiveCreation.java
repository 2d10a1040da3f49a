// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.bellows.conf.BellowsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts things where nothing may be yet. If several try at once, on any machines, one succeeds, and
 * readers see all of it or nothing: on HDFS and on local disks. The same holds for files on {@code
 * s3a} of Hadoop 3.4.2 and newer where the store honours the condition of a creation ({@link
 * #isRefusedOnceMore}). Other file systems have no such call; there two that look at the same
 * moment may both succeed.
 */
public final class ExclusiveCreation {
  private static final Logger LOG = LoggerFactory.getLogger(ExclusiveCreation.class);

  private ExclusiveCreation() {}

  /** Whether of several that try at once one succeeds, for files and folders. */
  public static boolean isSure(FileSystem files) {
    return "file".equals(files.getUri().getScheme()) || files instanceof DistributedFileSystem;
  }

  /**
   * Creates a file with its content; its folder is made if need be.
   *
   * @return false when there is such a file, which stays as it is
   * @throws BellowsException (infrastructure, configuration) naming the file
   */
  public static boolean write(Configuration hadoop, Path file, byte[] content) {
    return write(hadoop, file, content, file.getParent());
  }

  /**
   * Like {@link #write(Configuration, Path, byte[])}, by way of another folder.
   *
   * @param temporaries where the content is written first; it is not made: without it nothing is
   *     created, where {@link #isSure} holds
   */
  public static boolean write(Configuration hadoop, Path file, byte[] content, Path temporaries) {
    FileSystem files = Storage.fileSystem(hadoop, file);
    Path temporary = new Path(temporaries, ".tmp-" + UUID.randomUUID());
    try {
      if (Storage.isLocal(files.makeQualified(file))) {
        return link(local(temporary), local(file), content);
      }
      if (ObjectStores.replacesOnClose(files)) {
        return NewObject.put(files, file, content);
      }
      Storage.makeFolder(files, file.getParent());
      return create(files, temporary, file, content);
    } catch (IOException e) {
      throw Storage.writeFailure(file, e);
    } catch (FSError e) {
      throw Storage.writeFailure(file, Storage.unwrap(e));
    }
  }

  /**
   * Whether the store refuses to create a file that is there. Of several that had created this file
   * at once only one was told so then.
   *
   * @param file which the caller has just created
   * @param content of it; a store that honours no condition writes it once more
   * @return false also when the store cannot tell
   */
  public static boolean isRefusedOnceMore(Configuration hadoop, Path file, byte[] content) {
    FileSystem files = Storage.fileSystem(hadoop, file);
    try {
      return ObjectStores.createsOnCondition(files, file)
          && !NewObject.putUnseen(files, file, content);
    } catch (IOException e) {
      LOG.warn(
          "whether {} can be created only once did not become known: {}", file, Storage.reason(e));
      return false;
    }
  }

  /**
   * Renames a folder that is not empty.
   *
   * @return false when there is something at the target; both stay as they are then
   * @throws BellowsException (infrastructure, configuration) naming the target
   */
  public static boolean rename(Configuration hadoop, Path from, Path to) {
    FileSystem files = Storage.fileSystem(hadoop, to);
    try {
      return Storage.isLocal(files.makeQualified(to))
          ? moveLocal(local(from), local(to))
          : move(files, from, to);
    } catch (IOException e) {
      throw Storage.writeFailure(to, e);
    }
  }

  /** Hadoop's local file system looks first and writes then; a hard link is one call. */
  private static boolean link(java.nio.file.Path temporary, java.nio.file.Path file, byte[] content)
      throws IOException {
    Files.createDirectories(file.getParent());
    try {
      Files.write(temporary, content);
      Files.createLink(file, temporary);
      return true;
    } catch (java.nio.file.FileAlreadyExistsException e) {
      return false;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static boolean create(FileSystem files, Path temporary, Path file, byte[] content)
      throws IOException {
    try {
      try (OutputStream out = NewFile.createInFolder(files, temporary)) {
        out.write(content);
      }
      return move(files, temporary, file);
    } finally {
      files.delete(temporary, false);
    }
  }

  private static boolean move(FileSystem files, Path from, Path to) throws IOException {
    if (files instanceof DistributedFileSystem hdfs) {
      try {
        hdfs.rename(from, to, Options.Rename.NONE);
        return true;
      } catch (FileAlreadyExistsException e) {
        return false;
      }
    }
    if (files.exists(to)) {
      return false;
    }
    if (!files.rename(from, to)) {
      if (files.exists(to)) {
        return false;
      }
      throw new IOException("cannot rename " + from + " to " + to);
    }
    return true;
  }

  /** rename(2) puts a folder in the place of an empty one only. */
  private static boolean moveLocal(java.nio.file.Path from, java.nio.file.Path to)
      throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (FileSystemException e) {
      // ENOTEMPTY has no exception of its own.
      if (Files.exists(to)) {
        return false;
      }
      throw e;
    }
  }

  private static java.nio.file.Path local(Path path) {
    return Paths.get(path.toUri().getPath());
  }
}
