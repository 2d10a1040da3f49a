// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import org.apache.hadoop.io.WritableUtils;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.bellows.data.prepare.source.table.SequenceFileReader.KeyAndValue;

/**
 * A block of a sequence file: lengths of the keys, keys, lengths of the values, values, each
 * compressed. Nothing is inflated before it is asked for, so a claim costs no memory.
 */
final class SequenceFileBlock {
  private final DataInputStream keyLengths;
  private final DataInputStream keys;
  private final DataInputStream valueLengths;
  private final DataInputStream values;
  private long left;

  /**
   * @param parts the four of them, compressed
   */
  SequenceFileBlock(CompressionCodec codec, long records, byte[][] parts) throws IOException {
    if (records < 1) {
      throw new IOException("it says that it has %d records".formatted(records));
    }
    this.left = records;
    this.keyLengths = inflated(codec, parts[0]);
    this.keys = inflated(codec, parts[1]);
    this.valueLengths = inflated(codec, parts[2]);
    this.values = inflated(codec, parts[3]);
  }

  boolean hasNext() {
    return left > 0;
  }

  /**
   * @param mostKeyBytes keys of more are damage
   * @throws IOException when the block is damaged
   */
  KeyAndValue next(int mostKeyBytes, boolean withValue) throws IOException {
    long keyBytes = WritableUtils.readVLong(keyLengths);
    long valueBytes = WritableUtils.readVLong(valueLengths);
    if (keyBytes < 0 || keyBytes > mostKeyBytes) {
      throw new IOException("a key has %d bytes, allowed are %d".formatted(keyBytes, mostKeyBytes));
    }
    if (valueBytes < 0 || valueBytes > Integer.MAX_VALUE) {
      throw new IOException("a value has %d bytes".formatted(valueBytes));
    }
    byte[] key = new byte[(int) keyBytes];
    keys.readFully(key);
    left--;
    KeyAndValue record = SequenceFileReader.value(key, values, (int) valueBytes, withValue);
    skipRest(record, valueBytes);
    if (left == 0) {
      end();
    }
    return record;
  }

  /** Skips the rest of a value that was not read, or not wholly. */
  private void skipRest(KeyAndValue record, long valueBytes) throws IOException {
    if (record.value() == null) {
      // Its length was read, unless there was no room for one.
      values.skipNBytes(valueBytes < Integer.BYTES ? valueBytes : valueBytes - Integer.BYTES);
    }
  }

  private void end() throws IOException {
    if (keyLengths.read() >= 0) {
      throw new IOException("it has more records than it says");
    }
    keyLengths.close();
    keys.close();
    valueLengths.close();
    values.close();
  }

  private static DataInputStream inflated(CompressionCodec codec, byte[] part) throws IOException {
    ByteArrayInputStream bytes = new ByteArrayInputStream(part);
    return new DataInputStream(codec == null ? bytes : codec.createInputStream(bytes));
  }
}
