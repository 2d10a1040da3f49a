// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.binary;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;

/**
 * An IDX file of unsigned bytes, plain or gzipped, read from its beginning. The format (Y. LeCun,
 * the MNIST database): two zero bytes, the type 0x08, the number of dimensions, each dimension as a
 * big-endian int32, then the values, last dimension fastest.
 */
final class IdxFile implements AutoCloseable {
  private static final int MAGIC_WITHOUT_DIMENSIONS = 0x0800;
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path path;
  private final DataInputStream in;
  private final int[] dimensions;

  /**
   * @param dimensionCount 3 for images, 1 for labels
   * @throws BellowsException (data) when it is not such a file
   */
  IdxFile(FileSystem files, Path path, int dimensionCount) throws IOException {
    this.path = path;
    this.in = open(files, path);
    try {
      this.dimensions = readHeader(dimensionCount);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** Count, rows, columns; or the count alone. */
  int[] dimensions() {
    return dimensions.clone();
  }

  int count() {
    return dimensions[0];
  }

  /** The next values. Memory grows with what is really there, whatever the header claims. */
  byte[] read(int count) throws IOException {
    try {
      byte[] values = in.readNBytes(count);
      if (values.length < count) {
        throw new EOFException();
      }
      return values;
    } catch (EOFException | ZipException e) {
      throw damaged(e);
    }
  }

  void skipFully(long count) throws IOException {
    try {
      in.skipNBytes(count);
    } catch (EOFException | ZipException e) {
      throw damaged(e);
    }
  }

  /**
   * @throws BellowsException (data) when values follow that the header does not announce
   */
  void requireEnd() throws IOException {
    try {
      if (in.read() >= 0) {
        throw BellowsException.data(path + " is longer than its header says: " + size());
      }
    } catch (EOFException | ZipException e) {
      throw damaged(e);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private DataInputStream open(FileSystem files, Path file) throws IOException {
    BufferedInputStream raw = new BufferedInputStream(files.open(file), BUFFER_BYTES);
    if (!file.getName().endsWith(".gz")) {
      return new DataInputStream(raw);
    }
    try {
      return new DataInputStream(
          new BufferedInputStream(new GZIPInputStream(raw, BUFFER_BYTES), BUFFER_BYTES));
    } catch (EOFException | ZipException e) {
      raw.close();
      throw BellowsException.data(file + " is not a gzip file: " + e.getMessage(), e);
    }
  }

  private int[] readHeader(int dimensionCount) throws IOException {
    try {
      int magic = in.readInt();
      int expected = MAGIC_WITHOUT_DIMENSIONS | dimensionCount;
      if (magic != expected) {
        throw BellowsException.data(
            "%s begins with 0x%08x, expected 0x%08x (IDX, unsigned bytes, %d dimensions)"
                .formatted(path, magic, expected, dimensionCount));
      }
      int[] read = new int[dimensionCount];
      for (int i = 0; i < dimensionCount; i++) {
        read[i] = in.readInt();
        if (read[i] < 1) {
          throw BellowsException.data(
              "%s has %d as dimension %d, expected at least 1".formatted(path, read[i], i));
        }
      }
      return read;
    } catch (EOFException | ZipException e) {
      throw BellowsException.data(path + " is damaged or truncated inside its header", e);
    }
  }

  /** Such as 60000 x 28 x 28. */
  private String size() {
    return Arrays.stream(dimensions).mapToObj(Integer::toString).collect(Collectors.joining(" x "));
  }

  private BellowsException damaged(IOException cause) {
    return BellowsException.data(
        "%s is damaged or truncated: it ends before the values (%s) that its header says"
            .formatted(path, size()),
        cause);
  }
}
