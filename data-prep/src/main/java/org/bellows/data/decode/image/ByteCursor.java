// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bellows.data.decode.image.ImageRefusedException.Reason;

/** Reads big-endian numbers from untrusted bytes; going past the end means a truncated file. */
public final class ByteCursor {
  private final byte[] bytes;
  private final int end;
  private final String format;
  private int position;

  public ByteCursor(String format, byte[] bytes, int position) {
    this(format, bytes, position, bytes.length);
  }

  private ByteCursor(String format, byte[] bytes, int position, int end) {
    this.format = format;
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }

  public int position() {
    return position;
  }

  public int remaining() {
    return end - position;
  }

  public int unsignedByte() {
    require(1);
    return bytes[position++] & 0xFF;
  }

  public int unsignedShort() {
    require(2);
    return unsignedByte() << 8 | unsignedByte();
  }

  public long unsignedInt() {
    require(4);
    return (long) unsignedShort() << 16 | unsignedShort();
  }

  public boolean skipIf(String ascii) {
    byte[] expected = ascii.getBytes(StandardCharsets.ISO_8859_1);
    if (remaining() < expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (bytes[position + i] != expected[i]) {
        return false;
      }
    }
    position += expected.length;
    return true;
  }

  public void skip(long count) {
    require(count);
    position += (int) count;
  }

  /** The next {@code length} bytes as a cursor of their own; this one continues after them. */
  public ByteCursor slice(long length) {
    require(length);
    ByteCursor slice = new ByteCursor(format, bytes, position, position + (int) length);
    position += (int) length;
    return slice;
  }

  /** A copy of what is left. */
  public byte[] bytes() {
    return Arrays.copyOfRange(bytes, position, end);
  }

  public byte[] array() {
    return bytes;
  }

  private void require(long count) {
    if (count > remaining()) {
      throw new ImageRefusedException(
          Reason.TRUNCATED,
          "is a truncated %s: it ends at byte %d, %d more are needed"
              .formatted(format, end, count - remaining()));
    }
  }
}
