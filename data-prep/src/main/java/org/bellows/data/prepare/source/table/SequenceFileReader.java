// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.WritableUtils;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.Storage;

/**
 * Reads a sequence file of Text and BytesWritable without trusting it. Hadoop's own reader
 * allocates an array of any length that the file states, so that one wrong byte can exhaust the
 * heap; and it takes a file that ends inside a block for one that ends before it.
 */
final class SequenceFileReader implements Closeable {
  /** Limit for one image: it is in memory whole. */
  static final int MOST_VALUE_BYTES = 1 << 28;

  private static final int MOST_KEY_BYTES = 1 << 16;
  private static final int MARK_FOLLOWS = -1;

  private final String place;
  private final long length;
  private final FSDataInputStream in;
  private final SequenceFileHeader header;

  /** Null when nothing is compressed. */
  private final CompressionCodec codec;

  private SequenceFileBlock block;

  /**
   * A key and its value.
   *
   * @param key UTF-8, as it stands there
   * @param bytes of the value
   * @param value null when it was not asked for or there is a problem
   * @param problem null, or why there is no value: a predicate
   */
  record KeyAndValue(byte[] key, long bytes, byte[] value, String problem) {
    static KeyAndValue bad(byte[] key, String problem) {
      return new KeyAndValue(key, 0, null, problem);
    }
  }

  /**
   * @throws BellowsException (data) when it is no such file or holds other classes
   */
  SequenceFileReader(Configuration hadoop, String place) throws IOException {
    Path path = new Path(place);
    FileSystem files = Storage.fileSystem(hadoop, path);
    this.place = place;
    this.length = files.getFileStatus(path).getLen();
    this.in = Storage.open(hadoop, path);
    try {
      this.header = header(in.readNBytes(SequenceFileHeader.MOST_BYTES));
      requireTypes();
      this.codec = header.codec() == null ? null : codec(hadoop);
      in.seek(header.bytes());
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** Continues at the first mark at or after this position. */
  void enter(long start) throws IOException {
    if (start <= header.bytes()) {
      return;
    }
    byte[] mark = header.mark();
    byte[] window = new byte[mark.length];
    in.seek(Math.min(start, length));
    for (long read = 0; in.getPos() < length; read++) {
      // A ring: the oldest byte stands where the next one goes.
      window[(int) (read % mark.length)] = in.readByte();
      if (read >= Integer.BYTES + mark.length - 1 && isMark(window, read + 1)) {
        in.seek(in.getPos() - mark.length - Integer.BYTES);
        return;
      }
    }
  }

  /**
   * The next record, or null at the end of the file or at the first mark at or after a position:
   * the records that follow belong to another part.
   *
   * @throws BellowsException (data) when the next record cannot be found
   */
  KeyAndValue next(long end, boolean withValue) throws IOException {
    try {
      return header.isBlocked() ? nextOfBlock(end, withValue) : nextRecord(end, withValue);
    } catch (EOFException e) {
      if (Storage.isOfFile(e)) {
        throw damaged("it ends inside a record", e);
      }
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private boolean isMark(byte[] window, long oldest) {
    for (int i = 0; i < window.length; i++) {
      if (window[(int) ((oldest + i) % window.length)] != header.mark()[i]) {
        return false;
      }
    }
    return true;
  }

  private SequenceFileHeader header(byte[] head) {
    try {
      return SequenceFileHeader.read(head);
    } catch (EOFException e) {
      throw damaged("its header is cut off", e);
    } catch (IOException | RuntimeException e) {
      throw damaged(Storage.reason(e), e);
    }
  }

  private void requireTypes() {
    String key = Text.class.getName();
    String value = BytesWritable.class.getName();
    if (!header.keyType().equals(key) || !header.valueType().equals(value)) {
      throw BellowsException.data(
          "%s holds keys of %s and values of %s, expected %s and %s"
              .formatted(place, header.keyType(), header.valueType(), key, value));
    }
  }

  /** One of the codecs that Hadoop knows: a file does not choose classes to be loaded. */
  private CompressionCodec codec(Configuration hadoop) {
    CompressionCodec known =
        new CompressionCodecFactory(hadoop).getCodecByClassName(header.codec());
    if (known == null) {
      throw BellowsException.data(
          "%s is compressed with %s, which is none of the codecs of this Hadoop (io.compression.codecs)"
              .formatted(place, header.codec()));
    }
    return known;
  }

  private KeyAndValue nextRecord(long end, boolean withValue) throws IOException {
    long position = in.getPos();
    if (position >= length) {
      return null;
    }
    int bytes = in.readInt();
    if (bytes == MARK_FOLLOWS) {
      readMark();
      if (position >= end || in.getPos() >= length) {
        return null;
      }
      bytes = in.readInt();
    }
    int keyBytes = in.readInt();
    long left = length - in.getPos();
    if (keyBytes < 0 || keyBytes > Math.min(bytes, MOST_KEY_BYTES) || bytes > left) {
      throw damaged(
          "at byte %d there is a record of %d bytes with a key of %d, and %d bytes are left"
              .formatted(position, bytes, keyBytes, left),
          null);
    }
    byte[] key = new byte[keyBytes];
    in.readFully(key);
    int valueBytes = bytes - keyBytes;
    long next = in.getPos() + valueBytes;
    KeyAndValue record = record(textOf(key, position), valueBytes, withValue);
    in.seek(next);
    return record;
  }

  private KeyAndValue record(byte[] key, int valueBytes, boolean withValue) throws IOException {
    if (codec == null) {
      return value(key, in, valueBytes, withValue);
    }
    if (valueBytes > MOST_VALUE_BYTES) {
      return KeyAndValue.bad(key, tooLarge(valueBytes));
    }
    byte[] compressed = new byte[valueBytes];
    in.readFully(compressed);
    try (DataInputStream value =
        new DataInputStream(codec.createInputStream(new ByteArrayInputStream(compressed)))) {
      return value(key, value, -1, withValue);
    } catch (IOException | RuntimeException e) {
      return KeyAndValue.bad(key, "has a value that cannot be decompressed: " + Storage.reason(e));
    }
  }

  /**
   * A value in the format of BytesWritable: a length, then so many bytes.
   *
   * @param bytes both together; -1: up to the end of the stream
   */
  static KeyAndValue value(byte[] key, DataInputStream in, int bytes, boolean withValue)
      throws IOException {
    if (bytes >= 0 && bytes < Integer.BYTES) {
      return KeyAndValue.bad(
          key, "has a value of %d bytes, which lacks its length".formatted(bytes));
    }
    int said = in.readInt();
    if (said < 0 || (bytes >= 0 && said != bytes - Integer.BYTES)) {
      return KeyAndValue.bad(
          key,
          "has a value that says it has %d bytes, and there are %s"
              .formatted(said, bytes < 0 ? "others" : Integer.toString(bytes - Integer.BYTES)));
    }
    if (said > MOST_VALUE_BYTES) {
      return KeyAndValue.bad(key, tooLarge(said));
    }
    if (bytes >= 0 && !withValue) {
      return new KeyAndValue(key, said, null, null);
    }
    // Grows with what is there: said is only a claim where the stream is compressed.
    byte[] value = in.readNBytes(said);
    boolean isWhole = value.length == said && (bytes >= 0 || in.read() < 0);
    return isWhole
        ? new KeyAndValue(key, said, withValue ? value : null, null)
        : KeyAndValue.bad(key, "has a value that is not the %d bytes that it says".formatted(said));
  }

  private static String tooLarge(long bytes) {
    return "has a value of %d bytes, allowed are %d".formatted(bytes, MOST_VALUE_BYTES);
  }

  private KeyAndValue nextOfBlock(long end, boolean withValue) throws IOException {
    while (block == null || !block.hasNext()) {
      long position = in.getPos();
      if (position >= length) {
        return null;
      }
      if (in.readInt() != MARK_FOLLOWS) {
        throw damaged("at byte %d there is no block".formatted(position), null);
      }
      readMark();
      if (position >= end) {
        return null;
      }
      block = block(WritableUtils.readVLong(in));
    }
    try {
      KeyAndValue record = block.next(MOST_KEY_BYTES, withValue);
      return new KeyAndValue(
          textOf(record.key(), in.getPos()), record.bytes(), record.value(), record.problem());
    } catch (IOException | RuntimeException e) {
      throw e instanceof BellowsException understood ? understood : damagedBlock(e);
    }
  }

  private SequenceFileBlock block(long records) throws IOException {
    byte[][] parts = {part(), part(), part(), part()};
    try {
      return new SequenceFileBlock(codec, records, parts);
    } catch (IOException | RuntimeException e) {
      throw damagedBlock(e);
    }
  }

  private BellowsException damagedBlock(Exception cause) throws IOException {
    String where = "the block before byte %d: ".formatted(in.getPos());
    return damaged(where + Storage.reason(cause), cause);
  }

  /** One of the four compressed stretches of a block. */
  private byte[] part() throws IOException {
    long bytes = WritableUtils.readVLong(in);
    long left = length - in.getPos();
    if (bytes < 0 || bytes > Math.min(left, Integer.MAX_VALUE - Long.BYTES)) {
      throw damaged(
          "a block says that it has %d bytes at byte %d, and %d are left"
              .formatted(bytes, in.getPos(), left),
          null);
    }
    byte[] part = new byte[(int) bytes];
    in.readFully(part);
    return part;
  }

  private void readMark() throws IOException {
    byte[] mark = new byte[SequenceFileHeader.MARK_BYTES];
    in.readFully(mark);
    if (!Arrays.equals(mark, header.mark())) {
      throw damaged("its mark before byte %d is another".formatted(in.getPos()), null);
    }
  }

  /** A key in the format of Text: a length, then so many bytes. */
  private byte[] textOf(byte[] key, long position) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(key))) {
      long bytes = WritableUtils.readVLong(in);
      if (bytes == in.available()) {
        return in.readAllBytes();
      }
      throw damaged("at byte %d a key says it has %d bytes".formatted(position, bytes), null);
    } catch (IOException e) {
      throw damaged("at byte %d there is no key".formatted(position), e);
    }
  }

  private BellowsException damaged(String problem, Exception cause) {
    return BellowsException.data(
        "%s cannot be read as a sequence file: %s".formatted(place, problem), cause);
  }
}
