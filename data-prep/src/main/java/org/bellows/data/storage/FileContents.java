// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;

/** Files that are read into memory whole: plain ones, up to a length that is known before. */
public final class FileContents {
  /**
   * The limit for a description: a manifest, a card, a record. A manifest of 100,000 shards has 20
   * MB.
   */
  public static final int MOST_DESCRIPTION_BYTES = 1 << 28;

  /** An array of Java's holds no more. */
  public static final int MOST_BYTES = Integer.MAX_VALUE - 8;

  private FileContents() {}

  /**
   * @param mostBytes longer ones are not read
   * @throws FileNotFoundException when there is no such file
   * @throws BellowsException (data) when it is a folder, no plain file (a pipe would be waited on
   *     for ever), or too long
   */
  public static byte[] read(Configuration hadoop, Path file, int mostBytes) throws IOException {
    FileStatus status = Storage.fileSystem(hadoop, file).getFileStatus(file);
    if (status.isDirectory()) {
      throw BellowsException.data(file + " is a folder, expected a file");
    }
    if (Storage.isSpecial(file)) {
      throw BellowsException.data(file + " is a pipe or a device, expected a file");
    }
    requireFew(file, status.getLen(), mostBytes);
    try (InputStream in = Storage.open(hadoop, file, status)) {
      byte[] content = in.readNBytes(mostBytes);
      // It may have been replaced by a longer one meanwhile, and some lengths are guesses.
      if (content.length == mostBytes && in.read() >= 0) {
        requireFew(file, mostBytes + 1L, mostBytes);
      }
      return content;
    }
  }

  private static void requireFew(Path file, long bytes, int most) {
    if (bytes > most) {
      throw BellowsException.data(
          "%s has %,d bytes, expected at most %,d".formatted(file, bytes, most));
    }
  }
}
