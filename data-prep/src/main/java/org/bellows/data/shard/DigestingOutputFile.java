// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.shard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.bellows.data.storage.NewFile;
import org.bellows.data.storage.Sha256;

/**
 * A file whose SHA-256 is known once it is written. It claims to have no blocks, so that Parquet
 * does not pad row groups to HDFS blocks: the bytes must not depend on the file system.
 */
public final class DigestingOutputFile implements OutputFile {
  private final FileSystem files;
  private final Path path;
  private final MessageDigest digest = Sha256.digest();
  private long position;

  /** Null before the file is created. */
  private SteadyStream stream;

  public DigestingOutputFile(FileSystem files, Path path) {
    this.files = files;
    this.path = path;
  }

  /** Once the file is closed. */
  public String sha256() {
    return Sha256.hex(digest.digest());
  }

  public long bytes() {
    return position;
  }

  /**
   * Closes a file that is not to be used, after {@link NewFile#giveUp}: what is written from here
   * on, such as Parquet's footer, goes nowhere. No effect on a file that is closed.
   */
  public void giveUp() throws IOException {
    if (stream != null) {
      stream.giveUp();
    }
  }

  @Override
  public PositionOutputStream create(long blockSizeHint) throws IOException {
    return open(NewFile.create(files, path, false));
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
    return open(NewFile.create(files, path, true));
  }

  @Override
  public boolean supportsBlockSize() {
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }

  @Override
  public String getPath() {
    return path.toString();
  }

  private PositionOutputStream open(NewFile file) {
    stream = new SteadyStream(file, digest);
    return stream;
  }

  /** Holds the end back until it is known to be the end, for {@link DeterministicFooter}. */
  private final class SteadyStream extends PositionOutputStream {
    /** A footer is far smaller than this share of its file. */
    private static final int SHARE_HELD = 8;

    private static final int LEAST_HELD = 1 << 20;

    private final NewFile file;
    private OutputStream out;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private boolean isClosed;

    SteadyStream(NewFile file, MessageDigest digest) {
      this.file = file;
      this.out = new DigestOutputStream(file, digest);
    }

    void giveUp() throws IOException {
      if (!isClosed) {
        isClosed = true;
        out = OutputStream.nullOutputStream();
        try (file) {
          file.giveUp();
        }
      }
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void write(int value) throws IOException {
      held.write(value);
      position++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      held.write(bytes, offset, length);
      position += length;
      long wanted = Math.max(LEAST_HELD, position / SHARE_HELD);
      if (held.size() > 2 * wanted) {
        byte[] all = held.toByteArray();
        int passed = (int) (all.length - wanted);
        out.write(all, 0, passed);
        held.reset();
        held.write(all, passed, all.length - passed);
      }
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    /** Closing again does nothing, as Parquet does after a failure. */
    @Override
    public void close() throws IOException {
      if (isClosed) {
        return;
      }
      isClosed = true;
      try (OutputStream closing = out) {
        try {
          byte[] end = held.toByteArray();
          byte[] steady = DeterministicFooter.of(end);
          position += steady.length - end.length;
          closing.write(steady);
        } catch (IOException | RuntimeException e) {
          // Without its end it is no file, which closing would show in an object store.
          file.giveUp();
          throw e;
        }
      }
    }
  }
}
