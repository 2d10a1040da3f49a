// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.io.Text;

/**
 * The header of a sequence file, as Hadoop's SequenceFile documents it: "SEQ", version, names of
 * the classes of keys and values, whether values or whole blocks are compressed, name of the codec,
 * metadata, 16 bytes that mark places to enter at.
 *
 * @param codec name of its class; null when nothing is compressed
 * @param bytes how long the header is
 */
record SequenceFileHeader(
    String keyType, String valueType, boolean isBlocked, String codec, byte[] mark, int bytes) {
  static final int MARK_BYTES = 16;

  /** A header is looked for in so many bytes. */
  static final int MOST_BYTES = 1 << 20;

  private static final byte[] MAGIC = {'S', 'E', 'Q'};
  private static final int FIRST_VERSION = 4;
  private static final int VERSION_WITH_CODEC = 5;
  private static final int LAST_VERSION = 6;
  private static final int MOST_NAME_BYTES = 1 << 12;
  private static final String DEFAULT_CODEC = "org.apache.hadoop.io.compress.DefaultCodec";

  /**
   * @param head the file's first bytes
   * @throws IOException when there is no such header in them
   */
  static SequenceFileHeader read(byte[] head) throws IOException {
    ByteArrayInputStream bytes = new ByteArrayInputStream(head);
    DataInputStream in = new DataInputStream(bytes);
    if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
      throw new IOException("it does not begin with SEQ");
    }
    int version = in.readUnsignedByte();
    if (version < FIRST_VERSION || version > LAST_VERSION) {
      throw new IOException(
          "it has version %d, expected %d to %d".formatted(version, FIRST_VERSION, LAST_VERSION));
    }
    String keyType = Text.readString(in, MOST_NAME_BYTES);
    String valueType = Text.readString(in, MOST_NAME_BYTES);
    boolean isCompressed = in.readBoolean();
    boolean isBlocked = in.readBoolean();
    String codec = null;
    if (isCompressed) {
      codec = version < VERSION_WITH_CODEC ? DEFAULT_CODEC : Text.readString(in, MOST_NAME_BYTES);
    }
    if (version == LAST_VERSION) {
      int entries = in.readInt();
      for (int i = 0; i < entries; i++) {
        Text.readString(in, MOST_BYTES);
        Text.readString(in, MOST_BYTES);
      }
    }
    byte[] mark = new byte[MARK_BYTES];
    in.readFully(mark);
    return new SequenceFileHeader(
        keyType, valueType, isBlocked, codec, mark, head.length - bytes.available());
  }
}
