// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Puts an object into a store where none may be yet. A store that knows the condition of a creation
 * (S3's {@code If-None-Match}) compares at the moment when the stream is closed. Others are asked
 * before whether there is one, and two writers may both be told that there is none.
 */
final class NewObject {
  private static final int MOST_TRIES = 4;
  private static final long PAUSE_MILLISECONDS = 100;

  private NewObject() {}

  /**
   * @return false when there is such an object, which stays as it is
   */
  static boolean put(FileSystem files, Path file, byte[] content) throws IOException {
    // S3A itself does not look when it sends the condition, and not every store honours that.
    if (ObjectStores.createsOnCondition(files, file) && files.exists(file)) {
      return false;
    }
    return putUnseen(files, file, content);
  }

  /**
   * Without a look before. A store that does not honour the condition replaces an object that is
   * there.
   *
   * @return false when the store refused it because there is such an object
   */
  static boolean putUnseen(FileSystem files, Path file, byte[] content) throws IOException {
    for (int attempt = 1; true; attempt++) {
      try {
        write(files, file, content);
        return true;
      } catch (IOException e) {
        if (ObjectStores.isThere(e)) {
          return false;
        }
        if (!ObjectStores.isConflict(e) || attempt == MOST_TRIES) {
          throw e;
        }
        pause(attempt * PAUSE_MILLISECONDS);
      }
    }
  }

  private static void write(FileSystem files, Path file, byte[] content) throws IOException {
    try (NewFile out = NewFile.createOnce(files, file)) {
      try {
        out.write(content);
      } catch (IOException e) {
        out.giveUp();
        throw e;
      }
    }
  }

  private static void pause(long milliseconds) throws IOException {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while another request was in the way");
    }
  }
}
