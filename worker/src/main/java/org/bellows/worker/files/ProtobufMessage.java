// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A message of Protocol Buffers (https://protobuf.dev/programming-guides/encoding), written without
 * a second copy of its arrays.
 */
public final class ProtobufMessage {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;
  private static final int STAGING_FLOATS = 1 << 14;

  private final List<Field> fields = new ArrayList<>();
  private long size;

  /** A field of known size, its key included. */
  @FunctionalInterface
  private interface Field {
    void write(OutputStream out) throws IOException;
  }

  /** Bytes of the message, without its own key and length. */
  public long size() {
    return size;
  }

  public void write(OutputStream out) throws IOException {
    for (Field field : fields) {
      field.write(out);
    }
  }

  public ProtobufMessage number(int field, long value) {
    return add(
        varintSize(key(field, VARINT)) + varintSize(value),
        out -> {
          varint(out, key(field, VARINT));
          varint(out, value);
        });
  }

  public ProtobufMessage real(int field, float value) {
    return add(
        varintSize(key(field, FIXED32)) + Float.BYTES,
        out -> {
          varint(out, key(field, FIXED32));
          out.write(littleEndian(Float.BYTES).putFloat(value).array());
        });
  }

  public ProtobufMessage real(int field, double value) {
    return add(
        varintSize(key(field, FIXED64)) + Double.BYTES,
        out -> {
          varint(out, key(field, FIXED64));
          out.write(littleEndian(Double.BYTES).putDouble(value).array());
        });
  }

  public ProtobufMessage text(int field, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return bytes(field, bytes.length, out -> out.write(bytes));
  }

  /** The message must not change any more. */
  public ProtobufMessage message(int field, ProtobufMessage message) {
    return bytes(field, message.size(), message::write);
  }

  /** All fields of another message, which must not change any more. */
  public ProtobufMessage include(ProtobufMessage other) {
    return add(other.size(), other::write);
  }

  /** As bytes, little-endian. */
  public ProtobufMessage floats(int field, float[] values) {
    return bytes(field, (long) values.length * Float.BYTES, out -> write(out, values));
  }

  /** As bytes of 64-bit integers, little-endian. */
  public ProtobufMessage longs(int field, long... values) {
    ByteBuffer bytes = littleEndian(values.length * Long.BYTES);
    bytes.asLongBuffer().put(values);
    return bytes(field, bytes.capacity(), out -> out.write(bytes.array()));
  }

  private ProtobufMessage bytes(int field, long length, Field content) {
    long key = key(field, BYTES);
    return add(
        varintSize(key) + varintSize(length) + length,
        out -> {
          varint(out, key);
          varint(out, length);
          content.write(out);
        });
  }

  private ProtobufMessage add(long bytes, Field field) {
    size += bytes;
    fields.add(field);
    return this;
  }

  private static void write(OutputStream out, float[] values) throws IOException {
    ByteBuffer staging = littleEndian(STAGING_FLOATS * Float.BYTES);
    for (int done = 0; done < values.length; done += STAGING_FLOATS) {
      int now = Math.min(STAGING_FLOATS, values.length - done);
      staging.asFloatBuffer().put(values, done, now);
      out.write(staging.array(), 0, now * Float.BYTES);
    }
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long key(int field, int wireType) {
    return (long) field << 3 | wireType;
  }

  private static int varintSize(long value) {
    return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
  }

  private static void varint(OutputStream out, long value) throws IOException {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
