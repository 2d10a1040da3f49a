// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/**
 * A file for Parquet that remembers when its bytes could not be had. Parquet throws the same
 * exceptions then and where it can make no sense of the bytes.
 */
final class FailureTrackingFile implements InputFile {
  private final InputFile file;
  private IOException failure;

  FailureTrackingFile(InputFile file) {
    this.file = file;
  }

  /** Null while every read has succeeded. */
  IOException failure() {
    return failure;
  }

  @Override
  public long getLength() throws IOException {
    return watched(file::getLength);
  }

  @Override
  public SeekableInputStream newStream() throws IOException {
    return new Watched(watched(file::newStream));
  }

  private interface Read<T> {
    T run() throws IOException;
  }

  private <T> T watched(Read<T> read) throws IOException {
    try {
      return read.run();
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  private final class Watched extends SeekableInputStream {
    private final SeekableInputStream in;

    Watched(SeekableInputStream in) {
      this.in = in;
    }

    @Override
    public long getPos() throws IOException {
      return watched(in::getPos);
    }

    @Override
    public void seek(long position) throws IOException {
      watched(
          () -> {
            in.seek(position);
            return null;
          });
    }

    @Override
    public int read() throws IOException {
      return watched(in::read);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return watched(() -> in.read(bytes, offset, length));
    }

    @Override
    public int read(ByteBuffer buffer) throws IOException {
      return watched(() -> in.read(buffer));
    }

    @Override
    public void readFully(byte[] bytes) throws IOException {
      readFully(bytes, 0, bytes.length);
    }

    @Override
    public void readFully(byte[] bytes, int offset, int length) throws IOException {
      watched(
          () -> {
            in.readFully(bytes, offset, length);
            return null;
          });
    }

    @Override
    public void readFully(ByteBuffer buffer) throws IOException {
      watched(
          () -> {
            in.readFully(buffer);
            return null;
          });
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
