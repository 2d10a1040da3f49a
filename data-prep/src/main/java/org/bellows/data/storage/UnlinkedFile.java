// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A temporary file on the local disk that has no name: its space is free again when it is closed or
 * the process ends, however it ends. Threads share it. (Not a FileChannel: interrupting a thread
 * would close that for all others.)
 */
public final class UnlinkedFile implements AutoCloseable {
  private final RandomAccessFile file;
  private long length;

  /**
   * @param folder is created if it is not there; empty: Java's temporary folder
   */
  public UnlinkedFile(String folder) throws IOException {
    Path place = Path.of(folder.isEmpty() ? System.getProperty("java.io.tmpdir") : folder);
    Files.createDirectories(place);
    Path path = Files.createTempFile(place, "bellows-", ".tmp");
    try {
      file = new RandomAccessFile(path.toFile(), "rw");
    } finally {
      Files.delete(path);
    }
  }

  /**
   * @return where the bytes begin; after a failure the file is as before
   */
  public synchronized long append(byte[] bytes) throws IOException {
    long start = length;
    file.seek(start);
    file.write(bytes);
    length += bytes.length;
    return start;
  }

  public synchronized byte[] read(long start, int count) throws IOException {
    byte[] bytes = new byte[count];
    file.seek(start);
    file.readFully(bytes);
    return bytes;
  }

  public synchronized long length() {
    return length;
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
  }
}
