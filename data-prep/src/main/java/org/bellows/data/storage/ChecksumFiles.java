// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import java.io.IOException;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The hidden {@code .NAME.crc} that Hadoop writes beside each file on a local disk. Beside files
 * that people take away it is not wanted: it gets lost on the way, and a file that was changed
 * could then not be read any more where it was not lost.
 */
public final class ChecksumFiles {
  private ChecksumFiles() {}

  /** The same files, for writing without checksum files. */
  public static FileSystem without(FileSystem files) {
    return files instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : files;
  }

  /**
   * Removes the checksum file that an older build has left beside a file, before that is replaced.
   *
   * @param files as it reads the file
   */
  public static void remove(FileSystem files, Path file) throws IOException {
    if (files instanceof ChecksumFileSystem checked) {
      checked.getRawFileSystem().delete(checked.getChecksumFile(file), false);
    }
  }
}
