// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.bellows.data.storage.Storage;

/**
 * TFRecord files (TensorFlow, "TFRecords format details"): a length of 8 bytes, the checksum of the
 * length, the content, the checksum of the content; numbers little-endian.
 */
final class TfRecordReader implements Closeable {
  private static final int HEADER_BYTES = Long.BYTES + Integer.BYTES;
  private static final int CHECKSUM_BYTES = Integer.BYTES;

  /** A record is in memory as a whole. */
  private static final long MOST_BYTES = 1L << 28;

  private static final int MASK_DELTA = 0xa282ead8;

  private final FSDataInputStream in;
  private final long bytes;
  private long position;
  private boolean hasEnded;

  /**
   * @param offset of the content in the file; of the record where there is a problem
   * @param content null where there is a problem
   * @param problem null, or a predicate
   */
  record Entry(long offset, byte[] content, String problem) {}

  private TfRecordReader(FSDataInputStream in, long bytes) {
    this.in = in;
    this.bytes = bytes;
  }

  static TfRecordReader open(Configuration hadoop, Path file) throws IOException {
    long bytes = Storage.fileSystem(hadoop, file).getFileStatus(file).getLen();
    return new TfRecordReader(Storage.open(hadoop, file), bytes);
  }

  /** Whether a file begins as one does: a wrong checksum of the length is no accident. */
  static boolean isStart(Configuration hadoop, Path file) throws IOException {
    try (InputStream in = Storage.open(hadoop, file)) {
      byte[] header = in.readNBytes(HEADER_BYTES);
      return header.length == HEADER_BYTES && hasSoundLength(header);
    }
  }

  /** Null at the end. After a length that makes no sense nothing more is found. */
  Entry next() throws IOException {
    if (hasEnded || position == bytes) {
      return null;
    }
    long start = position;
    long left = bytes - start - HEADER_BYTES;
    byte[] header = new byte[HEADER_BYTES];
    if (left < 0 || !read(start, header)) {
      return ended(start, "is cut off in its header");
    }
    if (!hasSoundLength(header)) {
      return ended(start, "has a length whose checksum does not fit");
    }
    long length = littleEndian(header).getLong(0);
    if (length < 0 || length > left - CHECKSUM_BYTES) {
      return ended(
          start,
          "has %d bytes, but the file has only %d left".formatted(length, Math.max(0, left)));
    }
    position = start + HEADER_BYTES + length + CHECKSUM_BYTES;
    if (length > MOST_BYTES) {
      return new Entry(start, null, "has %d bytes, allowed are %d".formatted(length, MOST_BYTES));
    }
    byte[] content = new byte[(int) length];
    byte[] checksum = new byte[CHECKSUM_BYTES];
    long at = start + HEADER_BYTES;
    if (!read(at, content) || !read(at + length, checksum)) {
      return ended(start, "is cut off");
    }
    return littleEndian(checksum).getInt(0) == masked(content, content.length)
        ? new Entry(at, content, null)
        : new Entry(start, null, "has content whose checksum does not fit");
  }

  private Entry ended(long start, String problem) {
    hasEnded = true;
    return new Entry(
        start,
        null,
        "%s (record at byte %d); the rest of the file is not read".formatted(problem, start));
  }

  private boolean read(long at, byte[] into) throws IOException {
    in.seek(at);
    try {
      in.readFully(into);
      return true;
    } catch (EOFException e) {
      return false;
    }
  }

  private static boolean hasSoundLength(byte[] header) {
    return littleEndian(header).getInt(Long.BYTES) == masked(header, Long.BYTES);
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int masked(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return Integer.rotateRight((int) checksum.getValue(), 15) + MASK_DELTA;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
