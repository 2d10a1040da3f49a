// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;
import org.bellows.testing.LocalDisk;

/**
 * The local disk under S3's scheme, as S3A of Hadoop 3.4.2: a creation on a condition does not look
 * whether there is a file, and the store compares at the end, or does otherwise.
 */
public final class ConditionalDisk extends LocalDisk {
  private static final String SCHEME = "s3a";

  private static final String ANOTHERS =
      "{\"token\": 3, \"host\": \"another\", \"process\": 7, \"run\": \"another\"}";

  /** What a store does with a creation on a condition. */
  public enum Answer {
    /** What S3 does: refuses it if there is such a file. */
    HONOURS,
    IGNORES_THE_CONDITION,
    /** The answer is lost, and the request, sent again, finds the file. */
    WRITES_AND_REFUSES,
    /** Another process has written at the same time and was the last. */
    WRITES_ANOTHERS,
    CONFLICT,
    NOT_IMPLEMENTED
  }

  private static final Deque<Answer> ANSWERS = new ArrayDeque<>();
  private static String undeletable;

  /** Settings that lead to it, for answers in this order; from then on it honours conditions. */
  public static Configuration answering(Answer... answers) {
    Configuration hadoop = new Configuration();
    register(hadoop, SCHEME, ConditionalDisk.class, false);
    ANSWERS.clear();
    ANSWERS.addAll(List.of(answers));
    undeletable = null;
    return hadoop;
  }

  /** The path of a local folder. */
  public static Path path(java.nio.file.Path folder) {
    return new Path(SCHEME + ":" + folder);
  }

  /** How many answers were not asked for. */
  public static int answersLeft() {
    return ANSWERS.size();
  }

  /** Has the store refuse to delete files with this name. */
  public static void keep(String name) {
    undeletable = name;
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public boolean hasPathCapability(Path path, String capability) throws IOException {
    return capability.equals(ObjectStores.CREATE_ON_CONDITION)
        || super.hasPathCapability(path, capability);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    if (path.getName().equals(undeletable)) {
      throw new IOException(path + " stays");
    }
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
    return overwrite
        ? super.create(path, permission, true, bufferSize, replication, blockSize, progress)
        : new FSDataOutputStream(new Upload(path), null);
  }

  private final class Upload extends ByteArrayOutputStream {
    private final Path path;

    Upload(Path path) {
      this.path = path;
    }

    @Override
    public void close() throws IOException {
      Answer answer = ANSWERS.isEmpty() ? Answer.HONOURS : ANSWERS.remove();
      switch (answer) {
        case HONOURS -> {
          if (exists(path)) {
            throw new FileAlreadyExistsException(path.toString());
          }
          store(toByteArray());
        }
        case IGNORES_THE_CONDITION -> store(toByteArray());
        case WRITES_AND_REFUSES -> {
          store(toByteArray());
          throw new FileAlreadyExistsException(path.toString());
        }
        case WRITES_ANOTHERS -> store(ANOTHERS.getBytes(UTF_8));
        case CONFLICT ->
            throw new IOException("PUT (Service: S3, Status Code: 409, Request ID: 1)");
        case NOT_IMPLEMENTED ->
            throw new IOException("PUT (Service: S3, Status Code: 501, Request ID: 1)");
      }
    }

    private void store(byte[] bytes) throws IOException {
      try (OutputStream out = ConditionalDisk.this.create(path, true)) {
        out.write(bytes);
      }
    }
  }
}
